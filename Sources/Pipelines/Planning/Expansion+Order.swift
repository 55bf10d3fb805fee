import Documents

extension Expansion {
    /// Warns where an environment comes after another one, and what deploys there waits for no deployment to that one: both
    /// begin at once.
    func checkOrder() {
        var places: [String: [Int]] = [:]
        for (position, draft) in drafts.enumerated() {
            if let environment = changedEnvironment(of: draft) {
                places[environment.name, default: []].append(position)
            }
        }
        var told: Set<String> = []
        for (position, draft) in drafts.enumerated() {
            guard let environment = changedEnvironment(of: draft), let before = environment.after,
                let others = places[before]?.filter({ drafts[$0].isFinally == draft.isFinally })
            else { continue }
            let needed = needed(by: position)
            guard !others.contains(where: needed.contains),
                // What comes later on purpose is a way back; of two that have a `when` maybe one alone is done.
                let other = others.first(where: { other in
                    !self.needed(by: other).contains(position)
                        && (draft.condition == nil || drafts[other].condition == nil)
                })
            else { continue }
            let (own, first) = Self.parting(draft.id, drafts[other].id)
            // A template may have several stages for one environment.
            guard told.insert("\(environment.name) \(own.prefix)\(own.name)").inserted else { continue }
            let (mine, its) = (own.prefix + own.name, own.prefix + first)
            let isOneStage = Self.stage(own.name) == Self.stage(first)
            problems.add(
                Diagnostic(
                    "manifest/unordered-environments", .warning,
                    "'\(environment.name)' comes after '\(before)', and '\(mine)' does not wait for '\(its)'",
                    at: place(of: draft, under: own.prefix),
                    help: isOneStage
                        ? "the instances of 'forEach' have no order: write a stage for each environment, with 'needs'"
                        : "add 'needs: [\(Self.stage(first))]' to '\(Self.stage(own.name))'"))
        }
    }

    /// What two stages have in common of their names, and how each goes on in the pipeline or template where they part.
    private static func parting(_ one: StepID, _ other: StepID) -> (own: (prefix: String, name: String), first: String)
    {
        let (left, right) = (one.rawValue.split(separator: "/"), other.rawValue.split(separator: "/"))
        let common = zip(left, right).prefix { $0 == $1 }.count
        let prefix = left.prefix(common).map { "\($0)/" }.joined()
        func part(_ parts: [Substring]) -> String { String(parts[min(common, parts.count - 1)]) }
        return ((prefix, part(left)), part(right))
    }

    /// The name of a stage without the item of its `forEach`.
    private static func stage(_ name: String) -> Substring { name.prefix { $0 != ":" } }

    /// Where a stage, or the use of the template in which it stands, is written in the frame with a prefix.
    private func place(of draft: Draft, under prefix: String) -> Location {
        var (frame, entry) = (draft.frame, draft.entry)
        while frame.prefix != prefix, let use = frame.use { (frame, entry) = (use.frame, frame.useEntry) }
        return frame.entries[entry].keyNode.location
    }
}
