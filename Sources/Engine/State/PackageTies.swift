import Documents
import OrderedCollections
import Pipelines

/// Which stages of a run say something about one package, as far as the plan and what happened show it.
struct PackageTies {
    private let state: RunState
    private let package: String?
    /// Nil where plans do not say what their stages work on.
    private var graph: PackageGraph?
    /// The first that made it.
    private(set) var maker: StepID?
    /// Those that are given it.
    private(set) var holders: [StepID] = []

    /// Without a package there is none that a stage could not speak for.
    init(of package: String?, in state: RunState) {
        self.state = state
        self.package = package
        guard let package, state.plan.subjects != nil else { return }
        var (makers, given) = (Set<Int>(), Set<Int>())
        for (position, step) in state.plan.steps.enumerated() {
            guard case .stage = step.work, case let known = state.steps[position] else { continue }
            if state.package(of: step) == package {
                // A stage that hands on what it was given has not made it.
                given.insert(position)
                holders.append(step.id)
            } else if known.status.isGood, known.output?["package"]?["digest"]?.string == package {
                makers.insert(position)
                maker = maker ?? step.id
            }
        }
        let needs = state.plan.steps.map { step in
            step.needs.filter { $0.reason != .evidence }.compactMap { state.index[$0.step] }
        }
        // Then paths were compared as they were written, and the whole repository was a part of everything.
        let isOld = state.ruleFormat < 3
        graph = PackageGraph(needs: needs, makers: makers, holders: given, isRootAll: isOld) { position in
            Self.subject(of: state.plan.steps[position], in: state, isOld: isOld)
        }
    }

    /// Why a stage says nothing about the package, as after its name; nil when it does.
    func objection(to step: Step) -> String? {
        guard let package else { return nil }
        if let other = state.package(of: step) {
            return other == package ? nil : "is about package \(other.prefix(12))"
        }
        guard let graph, let position = state.index[step.id], !graph.speaks(position) else { return nil }
        guard let maker else { return "is not given the package, which this run has not made" }
        return "is neither given the package nor waited for by '\(maker)', which made it, and works on other files"
    }

    /// The file or folder that a stage works on, as the repository has it; none for one that is not known, or lies outside it.
    private static func subject(of step: Step, in state: RunState, isOld: Bool) -> PackageGraph.Subject {
        guard let name = state.plan.subjects?[step.id.rawValue], case .map(let input) = step.input,
            let argument = input[name], let path = (try? state.resolve(argument))?.string
        else { return .none }
        if isOld { return .path(path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")) }
        return RepositoryFiles.normalized(path).map { .path($0) } ?? .none
    }
}
