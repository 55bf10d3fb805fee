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
    /// What was said of damaged runs already.
    let damage = DamageWarnings()
    /// What was looked up already for commands that only show runs.
    let compared = ComparedFiles()

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
        guard !current.isEmpty else { throw Self.gone }
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

    /// That there is nothing that paths could be relative to.
    static var gone: Rejected {
        Rejected([
            Diagnostic(
                "workspace/gone", "the current folder was removed",
                help: "change to a folder that is there, or name one with --root")
        ])
    }

    /// Refuses a folder in which nothing was ever set up: that nothing is found there says nothing.
    func requireRepository() throws(Rejected) {
        let manager = FileManager.default
        let manifests = ["pipelines", "environments", "templates"]
        for name in manifests {
            var isFolder: ObjCBool = false
            guard manager.fileExists(atPath: "\(root)/\(name)", isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            throw Rejected([
                Diagnostic(
                    "workspace/not-folder", "'\(name)' is no folder, and should be the one that holds the \(name)",
                    help: "move it away; `almrun init` makes the folders that are missing")
            ])
        }
        guard !(manifests + [".almrun"]).contains(where: { manager.fileExists(atPath: "\(root)/\($0)") }) else {
            return
        }
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
    var traces: [String] { StoreExamination.traces(in: stateFolder, isGone: isStoreGone) }

    private var isStoreGone: Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(stateFolder)/runs.sqlite")
        return (attributes?[.size] as? Int ?? 0) == 0
    }

    /// The store, made when there is none.
    ///
    /// Refuses to make one beside what earlier runs left: their locks, numbers and approvals would count no more.
    func store() throws -> any RunStore {
        try requireStateFolder()
        let traces = isStoreGone ? self.traces : []
        guard traces.isEmpty else {
            throw RunStoreError.damaged(
                "there is no run in '\(stateFolder)/runs.sqlite', and yet something was run here: "
                    + "\(traces.joined(separator: ", ")); put the file back from a copy, or move these away to begin anew"
            )
        }
        return try OpenStores.store(in: stateFolder)
    }

    /// The store; nil when nothing was ever run here, so that looking makes no files.
    ///
    /// - Parameter evenIfLost: Nil too for a store that is gone beside what its runs left, which fails otherwise.
    func existingStore(evenIfLost: Bool = false) throws -> (any RunStore)? {
        try requireStateFolder()
        if !FileManager.default.fileExists(atPath: "\(stateFolder)/runs.sqlite"), evenIfLost || traces.isEmpty {
            return nil
        }
        return try store()
    }

    /// Refuses what has the name of a folder of the store and is none: that nothing is found in it says nothing.
    func requireStateFolder() throws(RunStoreError) {
        var status = stat()
        let folders = [
            ("", "the runs"), ("/runs", "the locks of runs"), ("/logs", "the logs of steps"),
            ("/objects", "the objects"),
        ]
        for (name, content) in folders {
            let path = stateFolder + name
            guard lstat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFLNK, stat(path, &status) != 0 {
                throw .unavailable(
                    "'\(path)' is a link that leads nowhere, and should be the folder that holds \(content)")
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw .unavailable("'\(path)' is no folder, and should be the one that holds \(content)")
            }
        }
        // A link of the store that leads nowhere is no store that was never made.
        let store = "\(stateFolder)/runs.sqlite"
        if lstat(store, &status) == 0, stat(store, &status) != 0 {
            throw .unavailable("'\(store)' is a link that leads nowhere")
        }
    }

    /// Who is at the keyboard, as git knows them.
    func person() throws -> Person {
        let environment = ProcessInfo.processInfo.environment
        do throws(GitError) {
            return try GitRepository(at: root).identity(environment: environment)
        } catch {
            // A folder that is no repository has no identity of its own; what holds everywhere may still say who it is.
            if error.kind != .notARepository { throw error }
        }
        do throws(GitError) {
            return try Person(outsideRepositories: environment)
        } catch {
            guard error.kind == .noIdentity else { throw error }
            throw StageFailure(
                .broken, "identity/unknown", "nobody knows who you are: '\(root)' is no git repository",
                notes: [
                    "set GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL, or run this in a git repository with user.email set",
                    error.message,
                ])
        }
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
