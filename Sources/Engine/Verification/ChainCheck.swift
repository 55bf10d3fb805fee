import struct Foundation.Date

/// Reads the events of a run and compares each with the hash that the next one names.
///
/// A changed event shows twice: the next one names another hash for it, and what it names itself may be another one.
/// The event that is changed is the one whose successor is whole and disagrees.
struct ChainCheck {
    private(set) var discrepancies: [Discrepancy] = []
    /// The events in their order, as far as they can be read.
    private(set) var readable: [LedgerLine] = []

    /// One place of the chain.
    private struct Link {
        let place: Int
        let bytes: [UInt8]
        let hash: String
        let line: Result<LedgerLine, RunStoreError>

        var event: RunEvent? {
            if case .success(let line) = line { line.event } else { nil }
        }

        /// Number, kind, step and time, as far as they can be read.
        var name: String {
            guard let event else { return "event \(place)" }
            let step = event.step.map { " of '\($0)'" } ?? ""
            return "event \(place) ('\(event.kind.name)'\(step), \(EventTime.text(event.time)))"
        }

        /// Whether it names the hash; what cannot be read may still do so.
        func names(_ hash: String) -> Bool {
            if let event { return event.previous == hash }
            return String(decoding: bytes, as: UTF8.self).contains("\"previous\":\"\(hash)\"")
        }
    }

    init(_ stored: StoredRun) {
        var links = stored.lines.map { line in
            Link(
                place: line.place, bytes: line.bytes, hash: LedgerLine.digest(line.bytes),
                line: Result { () throws(RunStoreError) in try LedgerLine(bytes: line.bytes) })
        }
        links = putInOrder(links)
        let index = try? stored.index.get()
        findMissing(links, index)
        compare(links, index)
        readable = links.compactMap { try? $0.line.get() }
    }

    /// Events that stand in each other's places are put right before they are compared.
    private mutating func putInOrder(_ links: [Link]) -> [Link] {
        let own = links.compactMap { $0.event?.sequence }
        guard own.count == links.count, own != links.map(\.place), Set(own) == Set(links.map(\.place)),
            Set(own).count == own.count
        else { return links }
        for link in links {
            guard let number = link.event?.sequence, number != link.place else { continue }
            discrepancies.append(
                Discrepancy(
                    "verify/misplaced", "event \(number) stands in the place of event \(link.place)", event: number))
        }
        return links.map { link in
            Link(place: link.event?.sequence ?? link.place, bytes: link.bytes, hash: link.hash, line: link.line)
        }.sorted { $0.place < $1.place }
    }

    private mutating func findMissing(_ links: [Link], _ index: RunSummary?) {
        var next = 1
        for link in links {
            if link.place > next { missing(next...(link.place - 1), "event \(link.place) comes after them") }
            next = link.place + 1
        }
        guard let index else { return }
        if index.events >= next {
            missing(next...index.events, "the run index counts \(index.events)")
        } else if index.events < next - 1 {
            discrepancies.append(
                Discrepancy(
                    "verify/beyond",
                    "events \(index.events + 1) to \(next - 1) are beyond the \(index.events) that the run index counts",
                    event: index.events + 1))
        }
    }

    private mutating func missing(_ range: ClosedRange<Int>, _ why: String) {
        let text =
            range.count == 1
            ? "event \(range.lowerBound) is missing" : "events \(range.lowerBound) to \(range.upperBound) are missing"
        discrepancies.append(Discrepancy("verify/missing", "\(text): \(why)", event: range.lowerBound))
    }

    private mutating func compare(_ links: [Link], _ index: RunSummary?) {
        // From the end: an event that is whole, as far as is known, vouches for the one before.
        var found: [Discrepancy] = []
        var isNextWhole = true
        for number in links.indices.reversed() {
            let link = links[number]
            let before = number > 0 ? links[number - 1] : nil
            let next = number + 1 < links.count ? links[number + 1] : nil
            var reason = fault(of: link)
            var isConfirmed = reason == nil
            if let next, next.place == link.place + 1 {
                let agrees = next.names(link.hash)
                if !agrees { isConfirmed = false }
                if !agrees, isNextWhole { reason = reason ?? "event \(next.place) names another hash for it" }
            } else if next == nil, let index, index.events == link.place, index.head != link.hash {
                isConfirmed = false
                reason = reason ?? "the run index names another hash for the last event"
            } else if next == nil, let index, index.events < link.place {
                isConfirmed = false
            }
            if let reason {
                var notes: [String] = []
                if let before, before.place == link.place - 1, !link.names(before.hash) {
                    notes.append("so nothing vouches for event \(before.place): this one names another hash for it")
                }
                if case .failure(let error) = link.line { notes.append("\(error)") }
                found.append(
                    Discrepancy(
                        "verify/changed", "\(link.name) was changed: \(reason)", event: link.place, notes: notes))
            }
            isNextWhole = reason == nil && (isConfirmed || next == nil || isNextWhole)
        }
        if let first = links.first, first.place == 1, let event = first.event, !event.previous.isEmpty,
            !found.contains(where: { $0.event == 1 })
        {
            found.append(Discrepancy("verify/changed", "\(first.name) names an event before it", event: 1))
        }
        discrepancies += found.reversed()
    }

    /// What is wrong with an event on its own.
    private func fault(of link: Link) -> String? {
        guard let event = link.event else { return "it cannot be read" }
        return event.sequence == link.place ? nil : "it says that it is event \(event.sequence)"
    }
}
