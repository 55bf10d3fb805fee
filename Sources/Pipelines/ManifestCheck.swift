public import Documents
import OrderedCollections

/// Reads every manifest of a repository and plans every pipeline, as far as that goes without inputs.
public struct ManifestCheck: Sendable {
    private let repository: RepositoryFiles
    private let stages: [StageDescription]
    private let inputFilesMustExist: Bool

    public init(repository: RepositoryFiles, stages: [StageDescription], inputFilesMustExist: Bool = true) {
        self.repository = repository
        self.stages = stages
        self.inputFilesMustExist = inputFilesMustExist
    }

    /// A check of the repository in a folder.
    public init(root: String, stages: [StageDescription]) {
        self.init(repository: RepositoryFiles(root: root), stages: stages)
    }

    /// Everything that is wrong, by file and place; empty when all is well.
    public func run() -> [Diagnostic] { report().diagnostics }

    /// What was looked at, and everything that is wrong with it.
    public func report() -> Report {
        let library = Library(files: repository, stages: stages, inputFilesMustExist: inputFilesMustExist)
        let assembly = Assembly(library: library)
        let pipelines = library.names(in: "pipelines")
        var changed: Set<String> = []
        var groups: [String: GroupMember] = [:]
        for name in pipelines {
            guard let pipeline = library.pipeline(name) else { continue }
            let values = GivenInputs(library: library).values([:], for: pipeline, isCheck: true)
            guard let plan = assembly.plan(pipeline, values: values) else { continue }
            if plan.steps.contains(where: \.locksEnvironment) { changed.formUnion(plan.environments.keys) }
            if let written = pipeline.concurrency, let group = plan.concurrency?.group {
                let member = GroupMember(pipeline: name, pending: written.pending, location: written.group.location)
                if let first = groups[group] {
                    library.warn(member, first, of: group)
                } else {
                    groups[group] = member
                }
            }
        }
        let templates = library.names(in: "templates")
        for name in templates {
            if let template = library.template(name, at: nil) { assembly.check(template) }
        }
        let environments = library.environmentNames
        for name in environments { _ = library.environment(name, at: nil) }
        library.checkTargets()
        library.checkConnections(of: changed)
        _ = library.roles
        return Report(
            pipelines: pipelines, templates: templates, environments: environments,
            diagnostics: library.problems.sorted)
    }

    /// A pipeline whose runs are in a group.
    fileprivate struct GroupMember {
        var pipeline: String
        var pending: Plan.Concurrency.Pending
        var location: Location?
    }

    /// The names of the manifests that were looked at, and what is wrong.
    public struct Report: Sendable {
        public var pipelines: [String]
        public var templates: [String]
        public var environments: [String]
        public var diagnostics: [Diagnostic]

        /// How many manifests there are.
        public var count: Int { pipelines.count + templates.count + environments.count }

        /// How it ended where nothing is wrong; beside a warning not all is good.
        public var summary: String {
            let warnings = diagnostics.count { $0.severity == .warning }
            let verdict = warnings == 0 ? "all good" : "no errors, \(warnings) warning\(warnings == 1 ? "" : "s")"
            return "\(count) manifest\(count == 1 ? "" : "s"), \(verdict)"
        }
    }
}

extension Library {
    /// Who comes second decides what becomes of who was first: also of a run that would have waited for it.
    fileprivate func warn(_ member: ManifestCheck.GroupMember, _ first: ManifestCheck.GroupMember, of group: String) {
        guard member.pending != first.pending else { return }
        problems.add(
            Diagnostic(
                "manifest/mixed-pending", .warning,
                "pipeline '\(member.pipeline)' has 'pending: \(member.pending.rawValue)' in the group '\(group)', and "
                    + "'\(first.pipeline)' has '\(first.pending.rawValue)'", at: member.location,
                notes: [Diagnostic.Note("the other is here", at: first.location)],
                help: "the word of the run that comes second counts, for both"))
    }

    /// Two environments in one place would overwrite one another; links may lead to what the paths do not say.
    ///
    /// - Parameter names: The environments that are compared; nil for all.
    func checkTargets(_ names: [String]? = nil) {
        var folders: [(owner: String, path: String)] = []
        var owners: [EnvironmentFile.Target: String] = [:]
        for name in names ?? environmentNames {
            guard let file = environment(name, at: nil) else { continue }
            guard case .directory(let path) = file.target else {
                if let owner = owners[file.target] {
                    report(name, owner, "have the same target")
                } else {
                    owners[file.target] = name
                }
                continue
            }
            guard let real = files.real(path) else {
                problems.report(
                    "path-outside", "'\(path)' leads out of the repository, or through a link that leads nowhere",
                    at: targetNode(of: name)?.location)
                continue
            }
            if let objection = TargetPath.objection(to: real), TargetPath.objection(to: path) == nil {
                problems.report(
                    "target-path", "'\(path)' leads to '\(real)', which \(objection), and cannot be an environment",
                    at: targetNode(of: name)?.location, help: TargetPath.help(for: name))
            }
            if let (owner, other) = folders.first(where: { TargetPath.overlap($0.path, real) }) {
                report(
                    name, owner, other == real ? "have the same target" : "have targets of which one lies in the other")
            } else {
                folders.append((name, real))
            }
        }
        checkPacked(folders)
    }

    /// A solution is not packed from where an environment keeps its files: these would get into packages.
    private func checkPacked(_ targets: [(owner: String, path: String)]) {
        var seen: Set<Node> = []
        for (path, node) in packedFolders {
            // What is no solution, or leads elsewhere, the stage refuses by itself.
            guard let real = files.real(path) else { continue }
            // The folder that holds `Other`, or one whose `src` does.
            let isRoot = files.entries(of: real).contains { $0.lowercased() == "other" }
            let root = isRoot ? real : real.isEmpty ? "src" : "\(real)/src"
            let target = targets.first { target in
                TargetPath.contains(target.path, real) || TargetPath.overlap(target.path, root)
            }
            // A template that two stages use is wrong once.
            guard let target, seen.insert(node).inserted else { continue }
            problems.report(
                "packed-target",
                "'\(path)' is packed, and environment '\(target.owner)' keeps its files in '\(target.path)'",
                at: node.location,
                notes: [Diagnostic.Note("the environment is here", at: targetNode(of: target.owner)?.location)],
                help: "give the solution or the environment another folder, "
                    + TargetPath.help(for: target.owner))
        }
    }

    private func report(_ name: String, _ owner: String, _ what: String) {
        problems.report(
            "shared-target", "environments '\(owner)' and '\(name)' \(what)", at: targetNode(of: name)?.location,
            notes: [Diagnostic.Note("the other is here", at: targetNode(of: owner)?.location)])
    }
}
