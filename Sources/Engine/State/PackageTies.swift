import Documents
import OrderedCollections
import Pipelines

/// Which stages of a run say something about one package, as far as the plan and what happened show it.
///
/// A stage speaks for a package when it made it, is given it, comes after a stage that did or is, is one that the stage which
/// made it waits for, or works on the same file or folder as that stage or one that it waits for.
struct PackageTies {
    private let state: RunState
    private let package: String?
    /// Those that made the package or are given it.
    private var holders: Set<StepID> = []
    /// Those that made it, and all that they wait for.
    private var origins: Set<StepID> = []
    /// The first that made it.
    private(set) var maker: StepID?
    /// Those that come after one that made the package or is given it.
    private var followers: Set<StepID> = []
    /// What the origins work on.
    private var subjects: Set<String> = []
    /// The folders that what the origins work on lies in.
    private var folders: Set<String> = []

    /// Without a package there is none that a stage could not speak for.
    init(of package: String?, in state: RunState) {
        self.state = state
        self.package = package
        guard let package, state.plan.subjects != nil else { return }
        var makers: [StepID] = []
        for (step, known) in zip(state.plan.steps, state.steps) {
            guard case .stage = step.work else { continue }
            if known.status.isGood, known.output?["package"]?["digest"]?.string == package {
                makers.append(step.id)
            } else if state.package(of: step) == package {
                holders.insert(step.id)
            }
        }
        // A stage that hands on what it was given has not made it.
        makers = makers.filter { maker in
            guard let step = state.planned(maker), state.package(of: step) == package else { return true }
            return false
        }
        maker = makers.first
        holders.formUnion(makers)
        var next = makers
        origins = Set(makers)
        while let id = next.popLast() {
            for need in state.planned(id)?.needs ?? [] where need.reason != .evidence {
                if origins.insert(need.step).inserted { next.append(need.step) }
            }
        }
        subjects = Set(origins.compactMap { state.planned($0) }.compactMap(subject))
        for subject in subjects { folders.formUnion(Self.folders(above: subject)) }
        followers = Self.followers(of: holders, in: state.plan)
    }

    /// The steps that come after some, in one walk over the plan.
    private static func followers(of steps: Set<StepID>, in plan: Plan) -> Set<StepID> {
        var waiting: [StepID: [StepID]] = [:]
        for step in plan.steps {
            for need in step.needs where need.reason != .evidence { waiting[need.step, default: []].append(step.id) }
        }
        var found: Set<StepID> = []
        var next = Array(steps)
        while let id = next.popLast() {
            for follower in waiting[id] ?? [] where found.insert(follower).inserted { next.append(follower) }
        }
        return found
    }

    /// Why a stage says nothing about the package, as after its name; nil when it does.
    func objection(to step: Step) -> String? {
        guard let package else { return nil }
        if let other = state.package(of: step) {
            return other == package ? nil : "is about package \(other.prefix(12))"
        }
        // Plans of earlier versions do not say what their stages work on.
        guard state.plan.subjects != nil else { return nil }
        if origins.contains(step.id) || holders.contains(step.id) || followers.contains(step.id) { return nil }
        guard let maker else { return "is not given the package, which this run has not made" }
        if let own = subject(of: step), overlapsOrigin(own) { return nil }
        return "is neither given the package nor waited for by '\(maker)', which made it, and works on other files"
    }

    /// The file or folder that a stage works on, as the repository has it; nil for none that is known, and outside it.
    private func subject(of step: Step) -> String? {
        guard let name = state.plan.subjects?[step.id.rawValue], case .map(let input) = step.input,
            let argument = input[name], let path = (try? state.resolve(argument))?.string
        else { return nil }
        // Then paths were compared as they were written, and the whole repository was a part of everything.
        if state.ruleFormat < 3 { return path.split(separator: "/").filter { $0 != "." }.joined(separator: "/") }
        return RepositoryFiles.normalized(path)
    }

    /// Whether a path is one of the origins' subjects, or lies in one, or one lies in it; the whole repository is only itself.
    private func overlapsOrigin(_ path: String) -> Bool {
        if state.ruleFormat < 3, !subjects.isEmpty, path.isEmpty || subjects.contains("") { return true }
        return subjects.contains(path) || folders.contains(path)
            || Self.folders(above: path).contains(where: subjects.contains)
    }

    /// The folders that a path lies in, without the repository itself.
    private static func folders(above path: String) -> [String] {
        path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
    }
}
