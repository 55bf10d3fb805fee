import Documents
import Engine
import Environments
import OrderedCollections
import Pipelines
import Stages

/// What a rollback would do, for people and programs.
struct RollbackPreview {
    var environment: String
    var from: InstalledSolution
    var to: VerifiedDeployment
    var plan: Plan
    var readiness: Readiness
    /// Where the run would come no further by itself; none where nothing is known of that.
    var stops: [String] = []
    /// Why no run would be made; nil where one would.
    var refusal: String?
    /// A run that goes back to the same package and is not over: it waits, or has failed where a bypass opens it.
    var open: RunID?

    var text: String {
        var lines = [
            "\(environment): \(from.solution) \(from.version) -> \(to.version), sha256 \(to.digest)",
            "  verified there \(Timestamp.text(of: to.verified))"
                + (to.replaced.map { ", replaced \(Timestamp.text(of: $0))" } ?? ""),
        ]
        if let passedOver = plan.passedOver {
            lines.append(safeText("  \(passedOver); `--to VERSION` brings such a one back"))
        }
        lines += ["", PlanRenderer().text(plan)]
        if let deployment = readiness.plan {
            lines.append(safeText("would \(deployment.summary)"))
            lines += deployment.lines.map { safeText("  \($0)") }
        } else {
            lines.append("the environment would refuse it; the run says why")
        }
        lines += ["", "conditions now"]
        for condition in readiness.conditions {
            let date = condition.notBefore.map { ", not before \(Timestamp.text(of: $0))" } ?? ""
            lines.append(
                safeText("  \(condition.standing.rawValue)  \(condition.kind.rawValue): \(condition.text)\(date)"))
        }
        if let earliest = readiness.earliest {
            lines.append("  all that only time can meet: not before \(Timestamp.text(of: earliest))")
        }
        lines += readiness.notes.map { safeText("  note: \($0)") }
        return (lines + ["", "nothing was changed; without --dry-run \(outcome)"]).joined(separator: "\n")
    }

    /// What a run would come to by itself.
    private var outcome: String {
        if let refusal { return "it is refused: \(refusal)" }
        if readiness.standing == .never || readiness.plan == nil { return "a run begins, and fails" }
        if !stops.isEmpty { return stops.joined(separator: "; then ") }
        // Several approvals are one word.
        let unmet = OrderedSet(
            readiness.conditions.filter { $0.standing == .unmet }.map { "'\($0.kind.rawValue)'" })
        guard !unmet.isEmpty else { return "it is done" }
        return
            "\(open == nil ? "a" : "a second") run begins, and comes no further than what is unmet: \(unmet.joined(separator: ", "))"
    }

    /// The deployment, with the action as the run calls it that makes it.
    private static func value(of deployment: DeploymentPlan) throws -> Value {
        guard case .map(var members) = try ValueEncoder().encode(deployment) else { return .null }
        members["action"] = .string(deployment.deed)
        return .map(members)
    }

    var value: Value {
        get throws {
            [
                "environment": .string(environment), "solution": .string(from.solution),
                "from": .string(from.version), "to": .string(to.version), "package": .string(to.digest),
                "verified": .string(Timestamp.text(of: to.verified)),
                "passedOver": plan.passedOver.map { .string($0) } ?? .null,
                "deployment": try readiness.plan.map(Self.value) ?? .null,
                "readiness": try readiness.value, "plan": try plan.value(), "outcome": .string(outcome),
                "open": open.map { .string($0.rawValue) } ?? .null,
            ]
        }
    }
}
