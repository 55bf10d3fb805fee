import Documents
import Engine
import Foundation
import Git
import Pipelines
import RunStorage
import Stages

/// The repository that a command works in: where its files, its runs and its objects are.
struct Workspace {
    /// Absolute path of the root.
    let root: String

    /// The given folder, or the nearest one upwards from the current folder that holds `pipelines/` or `.almrun/`.
    init(root given: String? = nil) throws(Rejected) {
        let manager = FileManager.default
        if let given {
            var isFolder: ObjCBool = false
            guard manager.fileExists(atPath: given, isDirectory: &isFolder), isFolder.boolValue else {
                throw Rejected([
                    Diagnostic(
                        "workspace/missing", "there is no folder '\(given)'", help: "--root names a repository's root")
                ])
            }
            root = URL(filePath: given).standardizedFileURL.resolvingSymlinksInPath().path
            return
        }
        let current = manager.currentDirectoryPath
        guard !current.isEmpty else {
            throw Rejected([
                Diagnostic(
                    "workspace/gone", "the current folder was removed",
                    help: "change to a folder that is there, or name one with --root")
            ])
        }
        let start = URL(filePath: current).standardizedFileURL.resolvingSymlinksInPath()
        var folder = start
        while true {
            for name in ["pipelines", ".almrun"] where manager.fileExists(atPath: folder.appending(path: name).path) {
                root = folder.path
                return
            }
            // A repository without pipelines is still the repository: looking further up would leave it.
            if manager.fileExists(atPath: folder.appending(path: ".git").path) || folder.path == "/" { break }
            folder = folder.deletingLastPathComponent()
        }
        root = start.path
    }

    /// Refuses a folder in which nothing was ever set up: that nothing is found there says nothing.
    func requireRepository() throws(Rejected) {
        let manager = FileManager.default
        let names = ["pipelines", ".almrun", "environments", "templates"]
        guard !names.contains(where: { manager.fileExists(atPath: "\(root)/\($0)") }) else { return }
        throw Rejected([
            Diagnostic(
                "workspace/none", "there is no almrun repository here: '\(root)' has neither pipelines/ nor .almrun/",
                help: "`almrun init` makes one; --root names another folder")
        ])
    }

    /// `.almrun`, which holds the runs and never belongs in a commit.
    var stateFolder: String { "\(root)/.almrun" }
    var objects: ObjectStore { ObjectStore(folder: "\(stateFolder)/objects/sha256") }
    /// The named ones, from the process environment: only what a plan refers to is a secret, and only that is masked.
    func secrets(_ names: some Sequence<String>) -> Secrets {
        let variables = ProcessInfo.processInfo.environment
        var values: [String: String] = [:]
        for name in names { values[name] = variables[name] }
        return Secrets(values)
    }

    var logs: StepLogs { StepLogs(folder: "\(stateFolder)/logs") }
    var planner: Planner { Planner(root: root, stages: BuiltinStages.descriptions) }

    /// What runs left behind here, whether or not the store knows of them.
    var traces: [String] { StoreExamination.traces(in: stateFolder) }

    /// The store, made when there is none.
    ///
    /// Refuses to make one beside what earlier runs left: their locks, numbers and approvals would count no more.
    func store() throws -> any RunStore {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(stateFolder)/runs.sqlite")
        let isNew = (attributes?[.size] as? Int ?? 0) == 0
        let traces = isNew ? self.traces : []
        guard traces.isEmpty else {
            throw RunStoreError.damaged(
                "there is no run in '\(stateFolder)/runs.sqlite', and yet something was run here: "
                    + "\(traces.joined(separator: ", ")); put the file back from a copy, or move 'logs' away to begin anew"
            )
        }
        return try SQLiteRunStore(folder: stateFolder)
    }

    /// The store; nil when nothing was ever run here, so that looking makes no files.
    func existingStore() throws -> (any RunStore)? {
        guard FileManager.default.fileExists(atPath: "\(stateFolder)/runs.sqlite") else { return nil }
        return try store()
    }

    /// Who is at the keyboard, as git knows them.
    func person() throws -> Person {
        let environment = ProcessInfo.processInfo.environment
        do throws(GitError) {
            return try GitRepository(at: root).identity(environment: environment)
        } catch {
            // A folder that is no repository has no identity of its own; the variables below may still say who it is.
            if error.kind != .notARepository { throw error }
        }
        guard let email = environment["GIT_AUTHOR_EMAIL"], !email.isEmpty else {
            throw StageFailure(
                .broken, "identity/unknown", "nobody knows who you are: '\(root)' is no git repository",
                notes: ["set GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL, or run this in a git repository with user.email set"]
            )
        }
        return Person(name: environment["GIT_AUTHOR_NAME"] ?? email, email: email)
    }

    /// What a new run is told of the repository: who asks, which commit, and who wrote it.
    func request() throws -> RunRequest {
        let person = try person()
        do throws(GitError) {
            let repository = try GitRepository(at: root)
            let head = try repository.head()
            let commits = try repository.commits(after: try lastRelease(in: repository, before: head))
            var people = Set(commits.flatMap { [$0.author.email, $0.committer.email] })
            let changes = try repository.workTree == nil ? [] : repository.changes()
            let uncommitted = changes.count { !"/\($0.path)".contains("/.almrun/") }
            // Who brings changes into a release that nobody committed stands for them.
            if uncommitted > 0 { people.insert(person.email) }
            return RunRequest(
                requester: person.email, committers: people.sorted(), commit: head.id.description,
                uncommitted: uncommitted, version: Version.current)
        } catch {
            // What needs no commit can still run.
            guard error.kind == .notARepository || error.kind == .noCommit else { throw error }
            return RunRequest(requester: person.email, version: Version.current)
        }
    }

    /// The commit of the newest tag that is not the one being built: what came after it is what is released.
    private func lastRelease(in repository: borrowing GitRepository, before head: Commit) throws(GitError) -> String? {
        let tagged = Set(try repository.tags().map(\.commit))
        return try repository.commits().first { $0.id != head.id && tagged.contains($0.id) }?.id.description
    }

    /// The environments with these names, or all of them; a wrong name is said with what was meant.
    func environments(named name: String?) throws(Rejected) -> [EnvironmentFile] {
        let names = planner.environmentNames
        if let name, !names.contains(name) {
            throw unknownEnvironment(name)
        }
        return try planner.environments(name.map { [$0] } ?? names)
    }

    /// That there is no such environment, with what was meant and with those that there are.
    func unknownEnvironment(_ name: String, notes: [Diagnostic.Note] = []) -> Rejected {
        let names = planner.environmentNames
        var help: [String] = []
        if let meant = suggestion(for: name, among: names) { help.append("did you mean '\(meant)'?") }
        help.append(
            names.isEmpty
                ? "environments are files such as 'environments/prod.yaml'"
                : "there \(names.count == 1 ? "is" : "are") \(names.map { "'\($0)'" }.joined(separator: ", "))")
        return Rejected([
            Diagnostic(
                "environment/unknown", "there is no environment '\(name)'", notes: notes,
                help: help.joined(separator: " "))
        ])
    }
}
