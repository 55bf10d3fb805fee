import Engine
import Git
import Subprocess
import SystemPackage

/// Sends a tag with the `git` command, which has the credentials for remotes on other machines, and reads it back.
struct GitCommandPush {
    var root: String
    var remote: String
    var tag: Tag

    private var reference: String { "refs/tags/\(tag.name)" }

    /// Pushes the tag unless the remote has it; another tag of that name there is never replaced.
    func push() async throws -> PushResult {
        if let there = try await remoteID() {
            guard there == tag.id.hex else {
                throw StageFailure(
                    .rejected, "git/tag-elsewhere",
                    "the remote '\(remote)' has a tag '\(tag.name)' with id \(there.prefix(10)), here it is \(tag.id.short)",
                    notes: ["a released version keeps its tag: choose another version"])
            }
            return .alreadyThere
        }
        _ = try await git(["push", "--porcelain", remote, "\(reference):\(reference)"], "push tag '\(tag.name)' to")
        guard try await remoteID() == tag.id.hex else {
            throw StageFailure(
                .rejected, "git/remote-refused", "the tag '\(tag.name)' was sent to '\(remote)' and is not there")
        }
        return .pushed
    }

    private func remoteID() async throws -> String? {
        let output = try await git(["ls-remote", remote, reference], "read the tags of")
        for line in output.split(separator: "\n") {
            let fields = line.split(separator: "\t")
            if fields.count == 2, fields[1] == reference { return String(fields[0]) }
        }
        return nil
    }

    private func git(_ arguments: [String], _ doing: String) async throws -> String {
        var settings = PlatformOptions()
        settings.processGroupID = 0
        settings.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(10))]
        let search = ProcessEnvironment.values(of: ["PATH"])["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let program = try ExecutablePath.find("git", search: search, folder: root)
        let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
        do {
            result = try await run(
                .path(FilePath(program)), arguments: Arguments(["-C", root] + arguments),
                environment: .inherit.updating(["GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"]), platformOptions: settings,
                output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        } catch let error as SubprocessError where !Task.isCancelled {
            throw StageFailure(.broken, "git/command", "cannot \(doing) the remote '\(remote)': \(error)")
        }
        if result.terminationStatus.isSuccess { return result.standardOutput }
        try Task.checkCancellation()
        let words = (result.standardError + result.standardOutput).split(separator: "\n").map(String.init)
        throw StageFailure(
            Self.kind(of: words), "git/remote", "cannot \(doing) the remote '\(remote)'", notes: Array(words.suffix(10))
        )
    }

    /// A remote that cannot be reached may be there later; one that says no says no.
    static func kind(of words: [String]) -> StageFailure.Kind {
        let passing = [
            "Could not resolve host", "Failed to connect", "Couldn't connect", "Connection refused", "Connection reset",
            "Connection timed out",
            "Operation timed out", "early EOF", "The remote end hung up", "HTTP 429", "error: 429", "HTTP 50",
            "error: 50",
            "Temporary failure in name resolution", "Network is unreachable",
        ]
        if words.contains(where: { line in passing.contains { line.contains($0) } }) { return .transient }
        let refused = words.contains { $0.contains("[rejected]") || $0.contains("[remote rejected]") }
        return refused ? .rejected : .broken
    }
}
