import Documents

extension SchemaCheck {
    /// Deprecation and stability of the value.
    static let lifecycle = SchemaCheck { pair in
        let (old, new) = (pair.base["deprecated"]?.boolean ?? false, pair.revision["deprecated"]?.boolean ?? false)
        if new, !old {
            if let date = pair.revision["x-sunset"] {
                let known = date.scalarText.flatMap { CalendarDay($0) } != nil
                pair.report(
                    known ? "deprecated-with-sunset" : "deprecated-sunset-invalid",
                    text: known
                        ? "is deprecated and ends on \(date.scalarText ?? "")"
                        : "is deprecated with a date that cannot be read: \(shortText(date))", revision: date)
            } else {
                pair.report("deprecated", text: "is deprecated", revision: pair.revision["deprecated"])
            }
        } else if old, !new {
            pair.report("reactivated", text: "is no longer deprecated", base: pair.base["deprecated"])
        }
        let (from, to) = (pair.base["x-stability-level"], pair.revision["x-stability-level"])
        guard let before = Stability(from?.string), let after = Stability(to?.string), before != after else { return }
        pair.report(
            after < before ? "stability-decreased" : "stability-increased",
            text: "the promised stability went from '\(before.rawValue)' to '\(after.rawValue)'", base: from,
            revision: to)
    }
}
