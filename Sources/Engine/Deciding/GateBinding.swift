import Crypto
import Documents
import OrderedCollections
public import Pipelines

/// What a decision at a gate is about; when any of it changes, the decision is void.
public struct GateBinding: Sendable, Hashable {
    /// Digest of the package.
    public var package: String?
    /// Digest of the deployment plan.
    public var plan: String?
    /// Fingerprint of the environment.
    public var target: String?

    private subscript(part: ApprovalPolicy.Part) -> String? {
        switch part {
        case .package: package
        case .plan: plan
        case .target: target
        }
    }

    /// What is another thing in the other, of these parts.
    func changes(to other: GateBinding, _ parts: [ApprovalPolicy.Part]) -> [DecisionFault.Change] {
        parts.filter { self[$0] != other[$0] }.map { part in
            DecisionFault.Change(
                part: part, from: self[part].map { String($0.prefix(12)) },
                to: other[part].map { String($0.prefix(12)) })
        }
    }
}

extension GateBinding {
    /// What a decision was made about.
    init(_ decision: Decision) {
        self.init(package: decision.package, plan: decision.plan, target: decision.target)
    }

    init(_ preview: Preview) {
        self.init(package: preview.package, plan: preview.plan, target: preview.target)
    }
}

extension RunState {
    /// What the gate, or the guarded step, is about.
    public func binding(of step: Step) -> GateBinding {
        if let preview = preview(for: step.guarding ?? step.id) {
            return GateBinding(preview)
        }
        // What cannot be put in yet has no package in it yet.
        return GateBinding(package: (try? resolve(input(of: step))).flatMap(Self.packageDigest))
    }

    /// The arguments of a step; a gate without its own has those of the step it guards.
    func input(of step: Step) -> Argument {
        if step.guarding != nil, step.input == .map([:]) || step.input == .literal(.map([:])),
            let guarded = step.guarding,
            let owner = planned(guarded)
        {
            return owner.input
        }
        return step.input
    }

    /// The digest of the package among a stage's inputs.
    static func packageDigest(in input: Value) -> String? {
        guard case .map(let members) = input, case .map(let package)? = members["package"],
            case .string(let digest)? = package["digest"]
        else { return nil }
        return digest
    }

    /// The idempotency key of a step's effect: the same for every attempt.
    func token(of step: Step, input: Value) -> String {
        var hash = SHA256()
        let preview = step.effect == .none ? nil : preview(for: step.id)
        let package = preview?.package ?? Self.packageDigest(in: input) ?? ""
        var subject: [UInt8] = []
        subject.reserveCapacity(192)
        for part in [run.rawValue, step.id.rawValue, package, preview?.plan ?? "", step.environment ?? ""] {
            subject.append(contentsOf: part.utf8)
            subject.append(0)
        }
        hash.update(data: subject)
        // What runs after everything happens again when a run that had ended goes on.
        if step.isFinally, reopenings > 0 { hash.update(data: Array("\(reopenings)".utf8)) }
        return hash.finalize().withUnsafeBytes { hexadecimal($0) }
    }
}
