import Documents
import OrderedCollections
public import Pipelines

extension RunState {
    /// Digests of the packages that a gate is about: its own or, where it names none, all that the run made or was given.
    func packages(at gate: Step) -> Set<String> {
        if let package = binding(of: gate).package { return [package] }
        // Then such a gate left nobody out who approved in another run.
        return ruleFormat < 4 ? [] : packages
    }

    /// Digests of all packages that the run has made or was given, as far as they are known by now.
    private var packages: Set<String> { Set(madePackages.map(\.digest)).union(givenPackages) }

    /// Digests of the packages that steps of the run are given and none of them has made.
    public var givenPackages: Set<String> {
        let made = Set(steps.compactMap { $0.output?["package"]?["digest"]?.string })
        return Set(plan.steps.compactMap { package(of: $0) }).subtracting(made)
    }

    /// Digest of the package that a step is given; nil for none, and for one that is not known yet.
    public func package(of step: Step) -> String? {
        switch step.input {
        case .map(let input): input["package"].flatMap { try? resolve($0) }?["digest"]?.string
        case .literal(let input): input["package"]?["digest"]?.string
        default: nil
        }
    }
}
