import Documents
import Foundation
import OrderedCollections

/// The manifests of a repository, each read once, with everything that is wrong with them.
final class Library {
    let files: RepositoryFiles
    let problems = Problems()
    let kinds: [String: StageDescription]
    let kindNames: [String]
    /// Whether literal paths of files that stages read must exist.
    let inputFilesMustExist: Bool

    /// E-mail of who would ask for a run, where that is known.
    var requester: String?

    private var documents: [String: Document?] = [:]
    private var folders: [String: [String]] = [:]
    private var pipelines: [String: Pipeline?] = [:]
    private var templates: [String: Template?] = [:]
    private var environments: [String: EnvironmentFile?] = [:]
    private var knownRoles: Roles?
    private var kindsOfPaths: [String: RepositoryFiles.Kind?] = [:]
    /// The folders that stages pack, as far as they are known when planning, each with where it stands.
    var packedFolders: [(path: String, node: Node)] = []
    /// What commands of the pipelines make, by path from the root.
    var generatedPaths: Set<String> = []
    /// Digests of what was read, in order of reading.
    private(set) var sources: OrderedDictionary<String, String> = [:]

    init(files: RepositoryFiles, stages: [StageDescription], inputFilesMustExist: Bool) {
        self.files = files
        self.inputFilesMustExist = inputFilesMustExist
        var kinds: [String: StageDescription] = [:]
        for stage in stages + [.approvalWait] { kinds[stage.kind] = stage }
        self.kinds = kinds
        kindNames = kinds.keys.sorted()
    }

    /// The names of the YAML files in a folder, without their ending, sorted; hidden files are none.
    func names(in folder: String) -> [String] {
        if let names = folders[folder] { return names }
        var names: [String] = []
        for entry in files.entries(of: folder) where !entry.hasPrefix(".") {
            if entry.hasSuffix(".yaml"), entry.utf8.count > 205 {
                // A run is called after its pipeline, and a file after each.
                let source = Source(name: "\(folder)/\(entry)", bytes: [])
                problems.report(
                    "name", "the name of '\(folder)/\(entry)' has more than 200 bytes",
                    at: Location(source: source, range: 0..<0), help: "rename it")
            } else if entry.hasSuffix(".yaml"), safeLine(entry) != entry {
                // Nobody could name it in a command, and it would be told apart from others by nobody who reads it.
                let source = Source(name: "\(folder)/\(entry)", bytes: [])
                problems.report(
                    "name",
                    "'\(folder)/\(entry)' has control characters in its name, or what is read like a log command",
                    at: Location(source: source, range: 0..<0), help: "rename it")
            } else if entry.hasSuffix(".yaml") {
                names.append(String(entry.dropLast(5)))
            } else if entry.hasSuffix(".yml") {
                let source = Source(name: "\(folder)/\(entry)", bytes: [])
                problems.report(
                    "file-ending", "'\(folder)/\(entry)' is not read: manifests end in '.yaml'",
                    at: Location(source: source, range: 0..<0), help: "rename it")
            }
        }
        folders[folder] = names
        return names
    }

    var environmentNames: [String] { names(in: "environments").filter { $0 != "roles" } }

    func pipeline(_ name: String) -> Pipeline? {
        if let known = pipelines[name] { return known }
        if name == RollbackPlan.pipeline {
            problems.report(
                "reserved-name", "a pipeline cannot be called '\(name)'",
                at: Location(source: Source(name: "pipelines/\(name).yaml", bytes: []), range: 0..<0),
                notes: [
                    Diagnostic.Note(
                        "runs of `almrun rollback` have this name; gates, inboxes and lists would not tell the two apart"
                    )
                ], help: "rename it")
        }
        let pipeline = document("pipelines/\(name).yaml").flatMap { Pipeline.read($0, name: name, problems) }
        pipelines[name] = .some(pipeline)
        return pipeline
    }

    /// The template with a name that stands at a node.
    func template(_ name: String, at node: Node?) -> Template? {
        if let known = templates[name] { return known }
        guard names(in: "templates").contains(name) else {
            if let node {
                problems.unknown(
                    "unknown-template", "there is no template '\(name)'", word: name, among: names(in: "templates"),
                    at: node.location,
                    otherwise: names(in: "templates").isEmpty
                        ? "templates are files such as 'templates/promote.yaml'" : nil)
            }
            return nil
        }
        let template = document("templates/\(name).yaml").flatMap { Template.read($0, name: name, problems) }
        templates[name] = .some(template)
        return template
    }

    /// The environment with a name that stands at a node.
    func environment(_ name: String, at node: Node?) -> EnvironmentFile? {
        if let known = environments[name] { return known }
        guard environmentNames.contains(name) else {
            if let node {
                problems.unknown(
                    "unknown-environment", "there is no environment '\(name)'", word: name, among: environmentNames,
                    at: node.location,
                    otherwise: environmentNames.isEmpty
                        ? "environments are files such as 'environments/prod.yaml'" : nil)
            }
            return nil
        }
        guard let document = document("environments/\(name).yaml"),
            let file = EnvironmentReader(problems: problems, name: name).read(document)
        else {
            environments[name] = .some(nil)
            return nil
        }
        environments[name] = file
        check(file, document)
        if let after = document.root["after"], let name = file.after {
            _ = environment(name, at: after)
            checkOrder(from: file)
        }
        return file
    }

    var roles: Roles {
        if let knownRoles { return knownRoles }
        var roles = Roles()
        if names(in: "environments").contains("roles"), let document = document("environments/roles.yaml") {
            var reader = RolesReader(problems: problems)
            roles = reader.read(document)
        }
        knownRoles = roles
        return roles
    }

    /// What is at a path of the repository; asked once for each path.
    func kind(of path: String) -> RepositoryFiles.Kind? {
        if let known = kindsOfPaths[path] { return known }
        let kind = files.kind(of: path)
        kindsOfPaths[path] = .some(kind)
        return kind
    }

    /// Where an environment's target is written.
    func targetNode(of name: String) -> Node? { (documents["environments/\(name).yaml"] ?? nil)?.root["target"] }

    /// Where the connection of a reference is written in an environment's file.
    func connectionNode(of reference: String, in name: String) -> Node? {
        (documents["environments/\(name).yaml"] ?? nil)?.root["connections"]?[reference]?["connection"]
    }

    /// An `after` that leads back to itself is reported once, at its first environment by name.
    private func checkOrder(from file: EnvironmentFile) {
        var path = [file.name]
        var next = file.after
        while let name = next, !path.contains(name) {
            path.append(name)
            next = (environments[name] ?? nil)?.after
        }
        guard next == file.name else { return }
        let first = path.indices.min { path[$0] < path[$1] } ?? 0
        path = Array(path[first...] + path[..<first])
        let notes = path.enumerated().map { index, name in
            let after = path[(index + 1) % path.count]
            return Diagnostic.Note(
                "'\(name)' comes after '\(after)'",
                at: (documents["environments/\(name).yaml"] ?? nil)?.root["after"]?.location)
        }
        problems.report(
            "after-cycle",
            "environments come after one another in a circle: \((path + [path[0]]).joined(separator: " -> "))",
            at: notes[0].location, notes: path.count == 1 ? [] : notes)
    }

    private func document(_ path: String) -> Document? {
        if let known = documents[path] { return known }
        var (document, diagnostics) = files.read(path)
        for diagnostic in diagnostics { problems.add(diagnostic) }
        // What was only guessed at a syntax error would give problems that are none; a key that stands twice is no such.
        if diagnostics.contains(where: { $0.severity == .error && $0.code != "document/duplicate-key" }) {
            document = nil
        }
        if let document { sources[path] = Plan.sha256(document.source.bytes) }
        documents[path] = .some(document)
        return document
    }
}
