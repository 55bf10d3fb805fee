/// Compares the row of a run in the index with what its events say.
struct IndexCheck {
    private(set) var discrepancies: [Discrepancy] = []

    /// With nothing told, the events are damaged and say nothing about the row.
    init(_ stored: StoredRun, told: RunSummary?) {
        let index: RunSummary
        switch stored.index {
        case .success(let summary): index = summary
        case .failure(let error):
            discrepancies.append(Discrepancy("verify/index", "the row in the run index cannot be read: \(error)"))
            return
        }
        guard let told else { return }
        var wrong: [String] = []
        func compare(_ name: String, _ left: some Equatable, _ right: some Equatable, _ isEqual: Bool) {
            if !isEqual { wrong.append("\(name) is \(left), and the events say \(right)") }
        }
        compare("run", index.run, told.run, index.run == told.run)
        compare("pipeline", index.pipeline, told.pipeline, index.pipeline == told.pipeline)
        compare("status", index.status.rawValue, told.status.rawValue, index.status == told.status)
        compare("requester", index.requester, told.requester, index.requester == told.requester)
        compare("group", index.group ?? "none", told.group ?? "none", index.group == told.group)
        compare("created", EventTime.text(index.created), EventTime.text(told.created), index.created == told.created)
        compare("updated", EventTime.text(index.updated), EventTime.text(told.updated), index.updated == told.updated)
        compare("steps", index.steps, told.steps, index.steps == told.steps)
        compare("settled", index.settled, told.settled, index.settled == told.settled)
        compare("waits", index.waits.count, told.waits.count, index.waits.map(\.step) == told.waits.map(\.step))
        guard !wrong.isEmpty else { return }
        discrepancies.append(
            Discrepancy(
                "verify/index", "the run index says something else than the events: " + wrong.joined(separator: "; "),
                notes: ["`almrun doctor --repair` writes the index anew from the events"]))
    }
}
