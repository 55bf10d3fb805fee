import Documents
import Foundation

/// Reads `gates:` of an environment's file.
struct GatesReader {
    let problems: Problems

    func read(_ node: Node) -> EnvironmentFile.Gates {
        var gates = EnvironmentFile.Gates()
        let keys = ["soak", "evidence", "approvals", "windows", "freezes", "bypass"]
        guard let reader = MapReader(node, "'gates'", keys: keys, problems) else { return gates }
        if let soak = reader.duration("soak"), let place = reader.node("soak") {
            let help = "such as 24h; without 'soak' a package need not stay anywhere"
            if problems.isWait(soak, place, "'soak' of 'gates'", help: help) { gates.soak = soak }
        }
        gates.evidence = reader.node("evidence").flatMap(evidence)
        gates.approvals = reader.elements("approvals").compactMap(approval)
        gates.windows = reader.elements("windows").compactMap(window)
        gates.freezes = reader.elements("freezes").compactMap(freeze)
        // Who works in one zone means its days; where the windows have several, or there are none, it is UTC.
        let zones = Set(gates.windows.map(\.timeZone))
        if let zone = zones.first, zones.count == 1 {
            for index in gates.freezes.indices where gates.freezes[index].timeZone == nil {
                gates.freezes[index].timeZone = zone
            }
        }
        gates.bypass = reader.node("bypass").flatMap(bypass)
        return gates
    }

    private func approval(_ node: Node) -> ApprovalPolicy? {
        let keys = ["role", "count", "distinctFrom", "expires", "instructions", "signed", "voidOn"]
        guard let reader = MapReader(node, "the approval", keys: keys, problems) else { return nil }
        let count = reader.integer("count")
        if let count, count < 1, let node = reader.node("count") {
            problems.report("count", "'count' must be at least 1, not \(count)", at: node.location)
        }
        let people = ExcludedReader(problems: problems, what: "an entry of 'distinctFrom'")
        let excluded = reader.elements("distinctFrom").compactMap { people.excluded($0.value, at: $0) }
        let signed = reader.node("signed").flatMap {
            problems.word($0, "'signed' of the approval", ApprovalPolicy.Signing.self)
        }
        let voidOn = reader.node("voidOn").flatMap(parts)
        let expires = reader.duration("expires").flatMap { seconds in
            let node = reader.node("expires") ?? node
            let help = "such as 3d; without 'expires' the question stays open"
            return problems.isWait(seconds, node, "'expires' of the approval", help: help) ? seconds : nil
        }
        let instructions = reader.text("instructions")
        guard let role = reader.requiredText("role") else { return nil }
        return ApprovalPolicy(
            role: role, count: max(count ?? 1, 1), distinctFrom: excluded, expires: expires, instructions: instructions,
            signed: signed ?? .optional, voidOn: voidOn ?? ApprovalPolicy.Part.allCases)
    }

    /// What an approval is bound to, in the order in which it is always named.
    private func parts(_ node: Node) -> [ApprovalPolicy.Part]? {
        guard let nodes = problems.elements(node, "'voidOn' of the approval") else { return nil }
        let parts = nodes.compactMap { problems.word($0, "an entry of 'voidOn'", ApprovalPolicy.Part.self) }
        guard !nodes.isEmpty else {
            problems.report(
                "never-void", "an approval that nothing makes void would be one for every package", at: node.location,
                help: "leave 'voidOn' out for all of 'package', 'plan' and 'target'")
            return nil
        }
        return ApprovalPolicy.Part.allCases.filter(parts.contains)
    }

    /// `[test, diff]`, or a map with `stages` and `notOlderThan`.
    private func evidence(_ node: Node) -> EvidencePolicy? {
        guard node.kind == .object else {
            return stages(node, "'evidence' of 'gates'").map { EvidencePolicy(stages: $0) }
        }
        guard let reader = MapReader(node, "'evidence'", keys: ["stages", "notOlderThan"], problems) else { return nil }
        let age = reader.duration("notOlderThan")
        if let age, age <= 0, let node = reader.node("notOlderThan") {
            problems.report("evidence-age", "evidence that may be no time old is never there", at: node.location)
        } else if let age, let node = reader.node("notOlderThan") {
            problems.isWait(age, node, "'notOlderThan' of 'evidence'", help: "such as 7d")
        }
        guard let node = reader.required("stages"), let stages = stages(node, "'stages' of 'evidence'") else {
            return nil
        }
        return EvidencePolicy(stages: stages, notOlderThan: age)
    }

    private func stages(_ node: Node, _ what: String) -> [String]? {
        guard let nodes = problems.elements(node, what) else { return nil }
        var names: [String] = []
        for node in nodes {
            guard let name = problems.text(node, "an entry of \(what)") else { continue }
            if names.contains(name) {
                problems.report("duplicate-evidence", "\(what) has '\(name)' twice", at: node.location)
            } else {
                names.append(name)
            }
        }
        if nodes.isEmpty { problems.report("no-evidence", "\(what) names no stage", at: node.location) }
        return names.isEmpty ? nil : names
    }

    private func bypass(_ node: Node) -> BypassPolicy? {
        guard let reader = MapReader(node, "'bypass'", keys: ["role", "secondPerson"], problems) else { return nil }
        var policy = BypassPolicy()
        if let role = reader.text("role") { policy.role = role }
        if let secondPerson = reader.boolean("secondPerson") { policy.secondPerson = secondPerson }
        return policy
    }

    private func window(_ node: Node) -> ChangeWindow? {
        let keys = ["days", "from", "to", "timeZone"]
        guard let reader = MapReader(node, "the window", keys: keys, problems) else { return nil }
        let days = reader.required("days").flatMap(days)
        let from = reader.required("from").flatMap { minutes($0, "'from' of the window") }
        let to = reader.required("to").flatMap { minutes($0, "'to' of the window") }
        let zone = reader.required("timeZone").flatMap(timeZone)
        if let from, from == to, let node = reader.node("to") {
            problems.report(
                "empty-window", "the window ends when it begins", at: node.location,
                help: "for a whole day write from: \"00:00\" and to: \"24:00\"")
            return nil
        }
        guard let days, let from, let to, let zone else { return nil }
        return ChangeWindow(days: days, from: from, to: to, timeZone: zone)
    }

    private func freeze(_ node: Node) -> Freeze? {
        guard
            let reader = MapReader(node, "the freeze", keys: ["from", "to", "reason", "timeZone"], problems)
        else { return nil }
        let from = reader.required("from").flatMap { date($0, "'from' of the freeze") }
        let to = reader.required("to").flatMap { date($0, "'to' of the freeze") }
        let reason = reader.requiredText("reason")
        let zone = reader.node("timeZone").flatMap(timeZone)
        guard let from, let to, let reason else { return nil }
        if from > to, let node = reader.node("to") {
            problems.report("empty-freeze", "the freeze ends on \(to), before it begins", at: node.location)
            return nil
        }
        return Freeze(from: from, to: to, reason: reason, timeZone: zone)
    }

    private static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// `mon-thu`, `mon, wed`, `daily`, or a list of such.
    private func days(_ node: Node) -> [Int]? {
        let nodes = node.kind == .array ? Array(node.elements) : [node]
        var days: Set<Int> = []
        for node in nodes {
            guard let text = problems.text(node, "'days' of the window") else { return nil }
            if text == "daily" {
                days.formUnion(1...7)
                continue
            }
            for part in text.split(separator: ",") {
                let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                    .map { $0.trimmingCharacters(in: .whitespaces) }
                var numbers: [Int] = []
                for end in ends {
                    guard let index = Self.dayNames.firstIndex(of: end) else {
                        problems.unknown(
                            "day", "'\(end)' is no day", word: end, among: Self.dayNames, at: node.location)
                        return nil
                    }
                    numbers.append(index + 1)
                }
                guard let first = numbers.first, let last = numbers.last, numbers.count <= 2 else {
                    problems.report("day", "'\(part)' is no range of days", at: node.location)
                    return nil
                }
                // `fri-mon` goes over the end of the week.
                days.formUnion(first <= last ? Array(first...last) : Array(first...7) + Array(1...last))
            }
        }
        if days.isEmpty { problems.report("day", "the window has no day", at: node.location) }
        return days.isEmpty ? nil : days.sorted()
    }

    private func minutes(_ node: Node, _ what: String) -> Int? {
        guard let text = problems.text(node, what) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.utf8.allSatisfy(Problems.isDigit) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
        {
            return hour * 60 + minute
        }
        problems.report(
            "time", "\(what) must be a time of day, not '\(text)'", at: node.location, help: "write it as \"08:00\"")
        return nil
    }

    private func date(_ node: Node, _ what: String) -> String? {
        guard let text = problems.text(node, what) else { return nil }
        if CalendarDay(text) != nil { return text }
        problems.report(
            "date", "\(what) must be a date, not '\(text)'", at: node.location, help: "write it as 2026-12-18")
        return nil
    }

    private func timeZone(_ node: Node) -> String? {
        guard let text = problems.text(node, "'timeZone'") else { return nil }
        if ["UTC", "GMT"].contains(text) || TimeZone.knownTimeZoneIdentifiers.contains(text) { return text }
        problems.unknown(
            "time-zone", "there is no time zone '\(text)'", word: text,
            among: TimeZone.knownTimeZoneIdentifiers + ["UTC"], at: node.location,
            otherwise: "time zones are named like 'Europe/Oslo'")
        return nil
    }
}
