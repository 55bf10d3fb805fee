public import Documents
import Engine
import Pipelines

extension Inbox {
    /// For people.
    public var text: String {
        var blocks = items.filter { $0.rank == 0 }.map(block)
        blocks += doubts.map { doubt in
            (["\(doubt.run)  \(doubt.step)  needs a person to look", "  \(safeText(doubt.reason))"]
                + doubt.hints.map { "  \(safeText($0))" }).joined(separator: "\n")
        }
        let isAsked = items.contains { $0.isMine && $0.overtaking == nil } || failed.contains(where: \.isMine)
        if doubts.isEmpty, upcoming.isEmpty, !isAsked { blocks.append(nothing) }
        blocks += upcoming.map { one in
            safeText("\(one.run)  \(one.gate)  asks you next") + "\n  "
                + safeText("'\(one.after)' is \(one.decided)")
        }
        blocks += items.filter { $0.rank == 1 }.map(block)
        for one in expired {
            blocks.append(
                "\(one.run)  \(one.gate)  EXPIRED \(Timestamp.text(of: one.end)): \(safeText(one.why))\n"
                    + "  \(safeText(one.wayOn))")
        }
        blocks += failed.map(block)
        blocks += timed.map(block)
        blocks += items.compactMap { item in item.overtaking.map { block(item, overtaken: $0) } }
        for run in damaged {
            blocks.append("run '\(run)' cannot be read, and may wait for you: `almrun verify \(run)` says why")
        }
        for (run, why) in refused {
            let more = RunState.verification(of: run, after: why)
            blocks.append(safeText("run '\(run)' asks, and is not taken up: \(why)\(more)"))
        }
        let all = "`almrun inbox --limit \(query.limit + unread + unreadAtTimes)` reads all"
        if unread > 0 {
            blocks.append("not read: \(unread) older run\(unread == 1 ? "" : "s") that may wait for you; \(all)")
        }
        if unreadAtTimes > 0 {
            let runs = unreadAtTimes == 1 ? "1 run that waits" : "\(unreadAtTimes) runs that wait"
            blocks.append(
                "not read: \(runs) for a window, a freeze or another time; whether you may bypass that, or somebody "
                    + "has begun to, is not known; \(all)")
        }
        if let failedLookedAt {
            blocks.append(
                "not read: runs that failed before the newest \(failedLookedAt) of them; `almrun runs --status failed "
                    + "--limit N` says whether somebody has begun to bypass a gate there")
        }
        if let doubtsLookedAt {
            blocks.append(
                "only \(doubtsLookedAt) of the newest runs that failed or were cancelled were read, as there is too much of them; "
                    + "`almrun runs --status failed` (or cancelled) names the others, and `almrun show RUN` says whether an "
                    + "effect of one is in doubt")
        }
        if elsewhere > 0 {
            blocks.append("\(elsewhere) more runs wait for roles that you do not have: `almrun inbox --all` shows them")
        }
        return blocks.joined(separator: "\n\n")
    }

    private func block(_ item: Item) -> String {
        let brief = item.brief
        let who = item.isMine ? "" : "  (not for you)"
        let place = brief.environment.map { "  \($0)" } ?? ""
        return
            ([safeText("\(brief.run)  \(brief.gate)\(place)\(who)")]
            + brief.lines().map { "  \($0.replacing("\n", with: "\n  "))" })
            .joined(separator: "\n")
    }

    private func block(_ one: Timed) -> String {
        let gate = one.bypass.step
        let place = gate.environment.map { "  \($0)" } ?? ""
        let until = one.until.map { ", until \(Timestamp.text(of: $0))" } ?? ""
        let lines =
            ["\(one.run)  \(gate.id)\(place)  waits for a time\(until)\(one.isMine ? "" : "  (not for you)")"]
            + ["  \(one.reason)"] + one.unmet.map { "  unmet      \($0)" }
            + one.undone.map { "  risk       \($0)" }
            + ["  \(one.isMine ? "you may  " : "bypass   ")  \(one.command)   (\(one.who))"]
        return lines.map { safeText($0) }.joined(separator: "\n")
    }

    private func block(_ one: Failed) -> String {
        let gate = one.bypass.step
        let place = gate.environment.map { "  \($0)" } ?? ""
        let whose = one.isMine ? "" : "  (not for you)"
        let what = one.first == nil ? "failed, and only a bypass opens it" : "failed for want of evidence"
        // A new run may show what a bypass does without.
        let label =
            one.first != nil
            ? "or         " : one.bypass.overtaking != nil ? "first      " : one.isMine ? "you may    " : "bypass     "
        let lines =
            ["\(one.run)  \(gate.id)\(place)  \(what)\(whose)", "  \(one.reason)"]
            + (one.first.map { ["  first try  \($0)"] } ?? [])
            + one.undone.map { "  risk       \($0)" }
            + (one.bypass.overtaking.map { ["  \(label)\(one.command)   (\($0))"] }
                ?? ["  \(label)\(one.command)   (\(one.who))", "  then       almrun resume \(one.run)"])
        return lines.map { safeText($0) }.joined(separator: "\n")
    }

    /// That nothing waits, and as whom the person is known.
    private var nothing: String {
        let roles = query.roles.sorted().map { "'\($0)'" }.joined(separator: ", ")
        let known =
            roles.isEmpty
            ? "you have no role in environments/roles.yaml"
            : "your role\(query.roles.count == 1 ? " is" : "s are") \(roles)"
        let what = query.role.map { " that asks for the role '\($0)'" } ?? ""
        let part = unread > 0 ? ", of what was read" : ""
        return "nothing\(what) waits for you\(part): git knows you as \(safeText(query.person)), and \(known)"
    }

    private func value(_ one: Timed) -> Value {
        Value(members: [
            ("run", .string(one.run.rawValue)), ("gate", .string(one.bypass.step.id.rawValue)),
            ("environment", one.bypass.step.environment.map { .string($0) }), ("because", .string(one.reason)),
            ("until", one.until.map { .string(Timestamp.text(of: $0)) }),
            ("unmet", .list(one.unmet.map { .string($0) })),
            ("mayBypass", .list(one.bypass.may.map { .string($0) })), ("command", .string(one.command)),
            ("mine", .boolean(one.isMine)), ("risks", .list(one.undone.map { .string($0) })),
        ])
    }

    private func value(_ one: Failed) -> Value {
        Value(members: [
            ("run", .string(one.run.rawValue)), ("gate", .string(one.bypass.step.id.rawValue)),
            ("environment", one.bypass.step.environment.map { .string($0) }), ("because", .string(one.reason)),
            ("mayBypass", .list(one.bypass.may.map { .string($0) })), ("command", .string(one.command)),
            ("mine", .boolean(one.isMine)), ("risks", .list(one.undone.map { .string($0) })),
            ("first", one.first.map { .string($0) }), ("start", one.start.map { .string($0) }),
        ])
    }

    /// For programs.
    public var value: Value {
        Value(members: [
            ("person", .string(query.person)), ("roles", .list(query.roles.sorted().map { .string($0) })),
            (
                "items",
                .list(
                    items.map { item in
                        var value = item.brief.value
                        value["mine"] = .boolean(item.isMine)
                        if let overtaking = item.overtaking { value["notNeeded"] = overtaking.value }
                        return value
                    })
            ),
            (
                "uncertain",
                .list(
                    doubts.map { doubt in
                        Value(members: [
                            ("run", .string(doubt.run.rawValue)), ("step", .string(doubt.step.rawValue)),
                            ("code", "run/uncertain-effect"), ("reason", .string(doubt.reason)),
                            ("hints", .list(doubt.hints.map { .string($0) })),
                        ])
                    })
            ),
            (
                "expired",
                .list(
                    expired.map { one in
                        Value(members: [
                            ("run", .string(one.run.rawValue)), ("gate", .string(one.gate.rawValue)),
                            ("end", .string(Timestamp.text(of: one.end))), ("because", .string(one.why)),
                        ])
                    })
            ),
            (
                "upcoming",
                .list(
                    upcoming.map { one in
                        Value(members: [
                            ("run", .string(one.run.rawValue)), ("gate", .string(one.gate.rawValue)),
                            ("after", .string(one.after.rawValue)), ("decided", .string(one.decided)),
                        ])
                    })
            ),
            ("timed", .list(timed.map(value))), ("failed", .list(failed.map(value))),
            ("elsewhere", .integer(elsewhere)), ("unread", .integer(unread)),
            ("unreadAtTimes", .integer(unreadAtTimes)),
            ("failedLookedAt", failedLookedAt.map { .integer($0) } ?? .null),
            ("doubtsLookedAt", doubtsLookedAt.map { .integer($0) } ?? .null),
            ("damaged", .list(damaged.map { .string($0.rawValue) })),
            (
                "refused",
                .list(
                    refused.map {
                        Value(members: [("run", .string($0.run.rawValue)), ("because", .string($0.why))])
                    })
            ),
        ])
    }
}
