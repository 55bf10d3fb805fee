import Documents
import OrderedCollections

/// The plan that brings an earlier package back to an environment, made without a manifest.
///
/// It binds and promotes as a pipeline does, behind the same gates; only the package is not built but given.
public struct RollbackPlan: Sendable {
    /// The name that its runs have in the place of a pipeline's.
    public static let pipeline = "rollback"
    /// The value of `mode` by which `solution.promote` may replace a higher version.
    public static let mode = "rollback"
    static let passedOverInput = "passedOver"
    static let gatesCommitInput = "gatesCommit"

    /// The environment that goes back.
    public var environment: String
    public var package: PackageReference
    /// The version that is there now.
    public var from: String
    /// Why, in the words of who asked.
    public var reason: String?
    /// What lay nearer and was not chosen, and why; nil where there is no such package.
    public var passedOver: String?
    /// The commit whose environments and roles say who decides, which is not the one that the package was made of.
    public var gatesCommit: String?

    public init(
        environment: String, package: PackageReference, from: String, reason: String? = nil, passedOver: String? = nil,
        gatesCommit: String? = nil
    ) {
        self.gatesCommit = gatesCommit
        self.environment = environment
        self.package = package
        self.from = from
        self.reason = reason
        self.passedOver = passedOver
    }

    /// The steps: the binding, the gates of the environment, the promotion.
    func steps(in file: EnvironmentFile) -> [Step] {
        let given = Argument.plain([
            "digest": .string(package.digest), "solution": .string(package.solution),
            "version": .string(package.version), "managed": .boolean(package.managed),
            "size": .integer(package.size),
        ])
        let rebind = Step(
            id: StepID("\(environment)/rebind"), work: .stage("connections.rebind"), effect: .none,
            environment: environment,
            // What a later version needed may be bound still; the earlier one has no use for it, and that is no fault.
            input: .map(["package": given, "unused": .literal("warning")]))
        let promote = Step(
            id: StepID("\(environment)/promote"), work: .stage("solution.promote"), effect: .once,
            environment: environment,
            input: .map([
                "package": given, "settings": .reference(.output(rebind.id, name: "settings", path: [])),
                "mode": .literal(.string(Self.mode)),
            ]),
            needs: [Need(rebind.id, .output("settings"))])
        return [rebind] + GateExpansion.steps(for: promote, in: file)
    }

    /// What the run is asked, as it is shown with it.
    var inputs: OrderedDictionary<String, Value> {
        var inputs: OrderedDictionary<String, Value> = [
            "environment": .string(environment), "solution": .string(package.solution), "from": .string(from),
            "to": .string(package.version), "package": .string(package.digest),
        ]
        if let reason { inputs["reason"] = .string(reason) }
        if let passedOver { inputs[Self.passedOverInput] = .string(passedOver) }
        if let gatesCommit { inputs[Self.gatesCommitInput] = .string(gatesCommit) }
        return inputs
    }
}

extension Plan {
    /// Whether `almrun rollback` made the plan: a file of that name, which earlier versions took, says what it likes.
    public var isRollback: Bool {
        pipeline == RollbackPlan.pipeline && !sources.contains { $0.file.hasPrefix("pipelines/") }
    }

    /// Why a package is taken back, in the words of who asked for it.
    public var rollbackReason: String? {
        isRollback ? inputs["reason"]?.string : nil
    }

    /// The commit whose environments and roles a rollback has its gates from; nil in a run whose own commit they are of.
    public var gatesCommit: String? {
        isRollback ? inputs[RollbackPlan.gatesCommitInput]?.string : nil
    }

    /// What lay nearer to what is installed than the package of a rollback, and why it was not chosen.
    public var passedOver: String? {
        isRollback ? inputs[RollbackPlan.passedOverInput]?.string : nil
    }
}
