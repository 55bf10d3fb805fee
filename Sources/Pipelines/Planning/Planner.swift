public import Documents
public import OrderedCollections

/// Makes plans of the pipelines of a repository; the same files and inputs give the same plan.
public struct Planner: Sendable {
    private let repository: RepositoryFiles
    private let stages: [StageDescription]
    /// Whether literal paths of files that stages read must exist when the plan is made.
    public var inputFilesMustExist: Bool

    public init(repository: RepositoryFiles, stages: [StageDescription], inputFilesMustExist: Bool = false) {
        self.repository = repository
        self.stages = stages
        self.inputFilesMustExist = inputFilesMustExist
    }

    /// A planner for the repository in a folder.
    public init(root: String, stages: [StageDescription], inputFilesMustExist: Bool = true) {
        self.init(
            repository: RepositoryFiles(root: root), stages: stages, inputFilesMustExist: inputFilesMustExist)
    }

    /// The names of the pipelines, sorted.
    public var pipelineNames: [String] { freshLibrary().names(in: "pipelines") }

    /// The names of the environments, sorted.
    public var environmentNames: [String] { freshLibrary().environmentNames }

    /// Which people have which role; throws everything that is wrong with `environments/roles.yaml`.
    public func roles() throws(Rejected) -> Roles {
        let library = freshLibrary()
        let roles = library.roles
        guard !library.problems.hasErrors else { throw Rejected(library.problems.sorted) }
        return roles
    }

    /// Environments by name; throws everything that is wrong with their files.
    public func environments(_ names: [String]) throws(Rejected) -> [EnvironmentFile] {
        let library = freshLibrary()
        var files: [EnvironmentFile] = []
        for name in names {
            guard let file = library.environment(name, at: nil) else {
                if library.problems.hasErrors { continue }
                let known = library.environmentNames
                let help =
                    suggestion(for: name, among: known).map { "did you mean '\($0)'?" } ?? Problems.choice(of: known)
                throw Rejected(
                    Diagnostic("manifest/unknown-environment", "there is no environment '\(name)'", help: help))
            }
            files.append(file)
        }
        guard !library.problems.hasErrors else { throw Rejected(library.problems.sorted) }
        return files
    }

    /// A pipeline's inputs as declared.
    public func inputs(of pipeline: String) throws(Rejected) -> [InputDeclaration] {
        let library = freshLibrary()
        let declared = try read(pipeline, library).inputs
        guard !library.problems.hasErrors else { throw Rejected(library.problems.sorted) }
        return declared
    }

    /// The plan of a pipeline; throws everything that is wrong with it and with the files it uses.
    ///
    /// Texts are taken for the type of their input: `3` for an integer, `a, b` for a list.
    public func plan(pipeline name: String, inputs: OrderedDictionary<String, Value> = [:]) throws(Rejected) -> Plan {
        try plan(name, inputs, isOutline: false).plan
    }

    /// The plan of a pipeline, and what is strange about its files though nothing is wrong with them.
    ///
    /// - Parameter requester: E-mail of who would ask for a run, where that is known.
    public func judgedPlan(
        pipeline name: String, inputs: OrderedDictionary<String, Value> = [:], requester: String? = nil
    ) throws(Rejected) -> (plan: Plan, warnings: [Diagnostic]) {
        try plan(name, inputs, isOutline: false, requester: requester)
    }

    /// The plan that brings an earlier package back; throws what ``surroundings(of:)`` throws.
    public func plan(_ rollback: RollbackPlan) throws(Rejected) -> Plan {
        _ = try surroundings(of: rollback.environment)
        let library = freshLibrary()
        guard let plan = Assembly(library: library).plan(rollback) else { throw Rejected(library.problems.sorted) }
        return plan
    }

    /// The plan as far as it is known without the inputs that are not given; for looking at, not for running.
    public func outline(of name: String, inputs: OrderedDictionary<String, Value> = [:]) throws(Rejected) -> Plan {
        try plan(name, inputs, isOutline: true).plan
    }

    private func plan(
        _ name: String, _ inputs: OrderedDictionary<String, Value>, isOutline: Bool, requester: String? = nil
    ) throws(Rejected) -> (plan: Plan, warnings: [Diagnostic]) {
        let library = freshLibrary()
        library.requester = requester
        let pipeline = try read(name, library)
        let given = GivenInputs(library: library)
        let values = given.values(inputs, for: pipeline, isCheck: isOutline)
        let plan = try whole(Assembly(library: library).plan(pipeline, values: values), library)
        return (plan, library.problems.sorted)
    }

    /// A plan in whose files nothing is wrong. Before an environment is changed all of them are looked at: a second one in
    /// the same place would have other gates, or none.
    private func whole(_ plan: Plan?, _ library: Library) throws(Rejected) -> Plan {
        if let plan, plan.steps.contains(where: \.locksEnvironment) {
            library.checkTargets()
            library.checkConnections(of: plan.environments.keys)
        }
        guard !library.problems.hasErrors, let plan else { throw Rejected(library.problems.sorted) }
        return plan
    }

    /// A library that has read nothing and found no problem yet.
    func freshLibrary() -> Library {
        Library(files: repository, stages: stages, inputFilesMustExist: inputFilesMustExist)
    }

    private func read(_ name: String, _ library: Library) throws(Rejected) -> Pipeline {
        let names = library.names(in: "pipelines")
        guard names.contains(name) else {
            let help = suggestion(for: name, among: names).map { "did you mean '\($0)'?" } ?? Problems.choice(of: names)
            throw Rejected(
                Diagnostic(
                    "manifest/unknown-pipeline", "there is no pipeline '\(name)'",
                    help: help ?? "pipelines are files such as 'pipelines/release.yaml'"))
        }
        guard let pipeline = library.pipeline(name) else { throw Rejected(library.problems.sorted) }
        return pipeline
    }
}

extension Problems {
    /// By file and place, those without a place first.
    var sorted: [Diagnostic] {
        diagnostics.enumerated().sorted { left, right in
            func key(_ item: (offset: Int, element: Diagnostic)) -> (String, Int, Int) {
                guard let location = item.element.location else { return ("", 0, item.offset) }
                return (location.source.name, location.range.lowerBound, item.offset)
            }
            return key(left) < key(right)
        }.map(\.element)
    }
}
