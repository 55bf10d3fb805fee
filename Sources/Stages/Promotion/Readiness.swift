public import Documents
import Engine
public import Environments
public import Foundation
import Pipelines

/// Whether a package may come into an environment now: every condition of its gates, and when each could be met.
public struct Readiness: Sendable {
    public let package: KnownPackage
    /// The name of the environment.
    public let environment: String
    /// In the order in which the gates stand.
    public let conditions: [ReadinessCondition]
    /// The first time at which all that depends on time alone is met; nil when it is met now, or never will be.
    public let earliest: Date?
    /// What a deployment would do, where that can be told.
    public let plan: DeploymentPlan?
    /// How its gates were opened without what they asked for, here and elsewhere; one line each.
    public var notes: [String]
    /// What to do next.
    public var commands: [String]
    /// Whether it is there already, as the environment's file wants it: no other condition is asked.
    public let isHere: Bool
    /// By command: what is to be known of it.
    let remarks: [String: String]
    /// Commands of which one is typed, as each answers the same question.
    let choices: [Set<String>]
    /// How many older runs were not looked into: what only they show of the package does not count here.
    public let unread: Int

    /// Judges what was found.
    public init(_ facts: ReadinessFacts) {
        package = facts.package
        environment = facts.environment.name
        plan = facts.plan
        isHere = facts.isHere
        let found =
            facts.isHere
            ? [facts.versionCondition]
            : [facts.versionCondition] + facts.placeConditions + facts.packageConditions + facts.originConditions
                + facts.stageConditions + facts.endingConditions + facts.contentConditions
                + facts.evidenceConditions
                + facts.bindingConditions + facts.approvalConditions + facts.timeConditions + [facts.lockCondition]
        let judged = found.map { facts.bypassed($0) }
        let unmet = judged.filter { $0.standing == .unmet }
        // Also what is waited for on the way here.
        let waited = unmet.filter { [.soak, .stage].contains($0.kind) }.compactMap(\.notBefore).max()
        // A window or a freeze that was bypassed keeps nothing back.
        let isClosed = unmet.contains { [.window, .freeze].contains($0.kind) }
        // What never can be has no first time.
        let isNever = judged.contains { $0.standing == .never }
        earliest =
            !isNever && (isClosed || waited != nil)
            ? facts.earliest(after: waited, isBypassed: !isClosed && facts.isShut) : nil
        let earliest = earliest
        let lasting = facts.outlasting(judged, until: earliest).map { $0.lapsing(before: earliest) }
        let ways = facts.commands(lasting)
        let releases = facts.groupReleases(before: ways)
        conditions =
            facts.isHere
            ? lasting : lasting + facts.groupConditions(isReleased: !releases.isEmpty) + facts.queueConditions
        notes =
            [facts.takenBack[environment]].compactMap(\.self)
            + facts.trail.runs.flatMap { $0.bypassNotes(about: facts.package.digest) }
            + facts.bypassesBegun + facts.notesMeanwhile + facts.refusalsElsewhere
            + facts.groupNotes + facts.notesUnderWay
            + facts.otherRuns
        commands = releases + facts.waking(ways)
        remarks = facts.remarks
        choices = facts.choices(before: ways)
        unread = facts.trail.unread
    }

    /// How the whole stands: the worst of its conditions.
    public var standing: ReadinessCondition.Standing {
        if conditions.contains(where: { $0.standing == .never }) { return .never }
        return conditions.contains { $0.standing == .unmet } ? .unmet : .met
    }

    /// In lines for people.
    public var text: String {
        var lines = ["\(package.title) in '\(environment)': \(headline)"]
        for condition in conditions {
            let mark =
                switch condition.standing {
                case .met: "met   "
                case .unmet: "unmet "
                case .never: "never "
                }
            lines.append(
                "  \(mark) \(condition.kind.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)) \(condition.text)"
            )
            if let date = condition.notBefore {
                lines.append("                   not before \(Timestamp.text(of: date))")
            }
            if condition.kind == .evidence, condition.standing == .met, let end = condition.goodUntil {
                lines.append("                   good until \(Timestamp.text(of: end))")
            }
            if let command = condition.command { lines.append("                   \(command)") }
        }
        if let plan {
            lines.append(plan.action == .nothing ? "nothing would change: \(plan.reason)" : "would \(plan.summary)")
        }
        if let earliest { lines.append("all that only time can meet: not before \(Timestamp.text(of: earliest))") }
        lines += notes.map { "note: \($0)" }
        if unread > 0 {
            lines.append(
                "not read: \(unread) older run\(unread == 1 ? "" : "s"); what only "
                    + "\(unread == 1 ? "it shows" : "they show") of the package is not counted")
        }
        return (lines + stepLines).map { safeText($0) }.joined(separator: "\n")
    }

    private var headline: String {
        let unmet = conditions.count { $0.standing != .met }
        switch standing {
        case .met where isHere: return "it is there already" + (plan == nil ? "" : ", nothing would change")
        case .met: return "it can go there now"
        case .unmet: return "not now: \(unmet) condition\(unmet == 1 ? " is" : "s are") not met"
        case .never where !commands.isEmpty: return "only a rollback brings it there"
        case .never: return "it can never go there as it is"
        }
    }

    /// For programs.
    public var value: Value {
        get throws {
            [
                "package": .string(package.digest), "solution": package.solution.map { .string($0) } ?? .null,
                "version": package.version.map { .string($0) } ?? .null, "environment": .string(environment),
                "standing": .string(standing.rawValue), "conditions": try ValueEncoder().encode(conditions),
                "earliest": earliest.map { .string(Timestamp.text(of: $0)) } ?? .null,
                "plan": plan.map { .string($0.summary) } ?? .null, "unreadRuns": .integer(unread),
                "notes": .list(notes.map { .string($0) }), "next": .list(commands.map { .string($0) }),
                "steps": try stepsValue,
            ]
        }
    }
}
