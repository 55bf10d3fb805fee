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
    /// What the origins work on.
    private var subjects: [[Substring]] = []

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
        subjects = origins.compactMap { state.planned($0) }.compactMap(subject)
    }

    /// Why a stage says nothing about the package, as after its name; nil when it does.
    func objection(to step: Step) -> String? {
        guard let package else { return nil }
        if let other = state.package(of: step) {
            return other == package ? nil : "is about package \(other.prefix(12))"
        }
        // Plans of earlier versions do not say what their stages work on.
        guard state.plan.subjects != nil else { return nil }
        if origins.contains(step.id) || holders.contains(step.id) || isAfterHolder(step) { return nil }
        guard let maker else { return "is not given the package, which this run has not made" }
        if let own = subject(of: step), subjects.contains(where: { Self.overlap($0, own) }) { return nil }
        return "is neither given the package nor waited for by '\(maker)', which made it, and works on other files"
    }

    private func isAfterHolder(_ step: Step) -> Bool {
        var seen: Set<StepID> = [step.id]
        var next = [step.id]
        while let id = next.popLast() {
            for need in state.planned(id)?.needs ?? [] where need.reason != .evidence {
                if holders.contains(need.step) { return true }
                if seen.insert(need.step).inserted { next.append(need.step) }
            }
        }
        return false
    }

    /// The file or folder that a stage works on, in its parts; nil for none that is known.
    private func subject(of step: Step) -> [Substring]? {
        guard let name = state.plan.subjects?[step.id.rawValue], case .map(let input) = step.input,
            let argument = input[name], let path = (try? state.resolve(argument))?.string
        else { return nil }
        return path.split(separator: "/").filter { $0 != "." }
    }

    /// Whether one is the other or lies in it.
    private static func overlap(_ one: [Substring], _ other: [Substring]) -> Bool {
        zip(one, other).allSatisfy { $0 == $1 }
    }
}

extension RunState {
    /// Digest of the package that a stage is given; nil for none, and for one that is not known yet.
    fileprivate func package(of step: Step) -> String? {
        switch step.input {
        case .map(let input): input["package"].flatMap { try? resolve($0) }?["digest"]?.string
        case .literal(let input): input["package"]?["digest"]?.string
        default: nil
        }
    }
}
