import Engine
import Foundation
import Git
import Synchronization

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
        let variables = ProcessInfo.processInfo.environment.merging(["GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"]) { $1 }
        let mark = ProcessMark(work: "git")
        let search = variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let program = try ExecutablePath.find("git", search: search, folder: root)
        let command = ChildCommand(
            path: program, arguments: ["git", "-C", root] + arguments,
            variables: variables.merging([ProcessMark.variable: mark.value]) { $1 }.map { "\($0.key)=\($0.value)" },
            folder: root)
        let written = Mutex<[[UInt8]]>(ChildStream.allCases.map { _ in [] })
        let status: ChildStatus
        do {
            status = try await ChildLauncher().run(command, mark: mark) { bytes, stream in
                // More than this is no answer to what is asked here.
                written.withLock {
                    $0[stream.rawValue].append(contentsOf: bytes.prefix((1 << 20) - $0[stream.rawValue].count))
                }
            }.status
        } catch let error as ChildStartError {
            throw StageFailure(.broken, "git/command", "cannot \(doing) the remote '\(remote)': \(error)")
        }
        let texts = written.withLock { $0.map { String(decoding: $0, as: UTF8.self) } }
        if status == .exited(0) { return texts[0] }
        try Task.checkCancellation()
        let words = (texts[1] + texts[0]).split(separator: "\n").map(String.init)
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
