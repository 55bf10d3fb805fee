import Engine

/// Rows of the index that stand under another number than the events of their run: what brings them together again.
struct Renumbering: Sendable {
    /// One row that gets the number of its events.
    struct Move: Sendable, Hashable {
        var run: String
        var from: Int64
        var to: Int64

        var text: String { "run '\(run)' has number \(from) in the index, and its events have number \(to)" }
    }

    private(set) var moves: [Move] = []
    /// Why a row cannot get the number of its events.
    private(set) var refusals: [String] = []
    /// The numbers of all that is about.
    private(set) var numbers: Set<Int64> = []

    init(_ audits: [RunAudit]) {
        var tellers: [String: [RunAudit]] = [:]
        for audit in audits { if let told = audit.toldName { tellers[told, default: []].append(audit) } }
        for audit in audits {
            guard let voucher = audit.voucher, let name = voucher.name, audit.toldName != name,
                let found = tellers[name], let target = found.first, case .success(let told) = target.told
            else { continue }
            numbers.formUnion([audit.number] + found.map(\.number))
            let what = "run '\(name)' has number \(audit.number) in the index"
            guard found.count == 1 else {
                let others = found.map { "\($0.number)" }.joined(separator: ", ")
                refusals.append("\(what), and events of several numbers say that they are its: \(others)")
                continue
            }
            guard voucher.standing(told) == .vouched else {
                refusals.append(
                    "\(what); the events that say they are its have number \(target.number), and are not those that the "
                        + "index counts: some are gone or were changed")
                continue
            }
            moves.append(Move(run: name, from: audit.number, to: target.number))
        }
        refuseTaken(audits)
    }

    /// A number is free for a row when it has none, or that one moves too.
    private mutating func refuseTaken(_ audits: [RunAudit]) {
        let rows = Dictionary(audits.compactMap { audit in audit.voucher.map { (audit.number, $0) } }) { first, _ in
            first
        }
        while let blocked = moves.first(where: { move in
            rows[move.to] != nil && !moves.contains { $0.from == move.to }
        }) {
            moves.removeAll { $0 == blocked }
            let holder = rows[blocked.to]?.name.map { "run '\($0)'" } ?? "a run whose name cannot be read"
            refusals.append("\(blocked.text); in the index that is the number of \(holder)")
        }
    }
}
