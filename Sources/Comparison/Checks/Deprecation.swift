import Documents
import OpenAPI

extension OperationCheck {
    /// Announcements that an operation will end.
    static let deprecation = OperationCheck { pair in
        let (old, new) = (pair.base, pair.revision)
        let (from, to) = (old.node["x-sunset"], new.node["x-sunset"])
        let day = to?.scalarText.flatMap { CalendarDay($0) }
        let grace = pair.graceDays(for: Stability(new.node["x-stability-level"]?.string) ?? .stable)
        switch (old.isDeprecated, new.isDeprecated) {
        case (false, false): break
        case (true, false):
            pair.report(
                "endpoint-reactivated", "the operation is no longer deprecated", base: old.node["deprecated"],
                revision: new.keyNode)
        case (false, true):
            guard let to else {
                if let grace, grace > 0 {
                    pair.report(
                        "api-deprecated-sunset-missing", "the operation is deprecated without a date of its end",
                        base: old.keyNode, revision: new.node["deprecated"])
                } else {
                    pair.report(
                        "endpoint-deprecated", "the operation is deprecated", base: old.keyNode,
                        revision: new.node["deprecated"])
                }
                return
            }
            guard let day else {
                pair.report(
                    "api-deprecated-sunset-parse", "the date of its end cannot be read: \(shortText(to))",
                    base: old.keyNode, revision: to)
                return
            }
            if let grace, day.number < pair.options.today.number + grace {
                pair.report(
                    "api-sunset-date-too-small", "the operation ends on \(day), less than \(grace) days from now",
                    base: old.keyNode, revision: to)
            } else {
                pair.report(
                    "endpoint-deprecated-with-sunset", "the operation is deprecated and ends on \(day)",
                    base: old.keyNode, revision: to)
            }
        case (true, true):
            guard let before = from?.scalarText else { return }
            guard let to else {
                pair.report(
                    "sunset-deleted", "the date of its end, '\(before)', is gone", base: from, revision: new.keyNode)
                return
            }
            guard let day, let earlier = CalendarDay(before) else {
                pair.report(
                    "api-deprecated-sunset-parse", "the date of its end cannot be read: \(shortText(to))", base: from,
                    revision: to)
                return
            }
            if day < earlier, day.number < pair.options.today.number + (grace ?? 0) {
                pair.report(
                    "api-sunset-date-changed-too-small", "the date of its end moved from \(earlier) to \(day)",
                    base: from, revision: to)
            }
        }
    }

    /// How much the operation promises to stay.
    static let stability = OperationCheck { pair in
        let (from, to) = (pair.base.node["x-stability-level"], pair.revision.node["x-stability-level"])
        let (before, after) = (Stability(from.map { $0.string ?? "" }), Stability(to.map { $0.string ?? "" }))
        for (node, level) in [(from, before), (to, after)] where level == nil {
            pair.report(
                "api-invalid-stability-level", "'\(node?.scalarText ?? "")' is not draft, alpha, beta or stable",
                base: from ?? pair.base.keyNode, revision: to ?? pair.revision.keyNode)
            return
        }
        guard let before, let after, before != after else { return }
        pair.report(
            after < before ? "api-stability-decreased" : "api-stability-increased",
            "the promised stability went from '\(before.rawValue)' to '\(after.rawValue)'",
            base: from ?? pair.base.keyNode, revision: to ?? pair.revision.keyNode)
    }
}

extension OperationPair {
    /// How many days of notice the options ask for; nil where the level promises nothing.
    func graceDays(for stability: Stability) -> Int? {
        switch stability {
        case .stable: options.stableGraceDays
        case .beta: options.betaGraceDays
        case .draft, .alpha: nil
        }
    }
}
