import Documents
import Engine
import Environments
import Pipelines
import Stages

/// What a rollback would do, for people and programs.
struct RollbackPreview {
    var environment: String
    var from: InstalledSolution
    var to: VerifiedDeployment
    var plan: Plan
    var readiness: Readiness

    var text: String {
        var lines = [
            "\(environment): \(from.solution) \(from.version) -> \(to.version), sha256 \(to.digest)",
            "  verified there \(Timestamp.text(of: to.verified))"
                + (to.replaced.map { ", replaced \(Timestamp.text(of: $0))" } ?? ""), "",
            PlanRenderer().text(plan),
        ]
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
        lines += readiness.notes.map { safeText("  note: \($0)") }
        return (lines + ["", "nothing was changed; without --dry-run it is done"]).joined(separator: "\n")
    }

    var value: Value {
        get throws {
            [
                "environment": .string(environment), "solution": .string(from.solution),
                "from": .string(from.version), "to": .string(to.version), "package": .string(to.digest),
                "verified": .string(Timestamp.text(of: to.verified)),
                "deployment": try readiness.plan.map { try ValueEncoder().encode($0) } ?? .null,
                "readiness": try readiness.value, "plan": try plan.value(),
            ]
        }
    }
}
