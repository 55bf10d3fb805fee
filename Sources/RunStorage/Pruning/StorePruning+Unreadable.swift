import Documents
public import Engine
import Foundation
import Pipelines

/// One run that cannot be read goes, whatever its age: it would close every gate that asks who approved earlier. So does
/// one that is over and of which an effect is in doubt.
extension StorePruning {
    /// Removes a run of which events are gone or cannot be read, or one that is over with an effect in doubt; or only says
    /// what that would be.
    ///
    /// Who did it and why is kept beside the store, in `removed.jsonl`. Throws for a run that can be read or mended, for one
    /// that a process works on, and, unless forced, for one that holds a lock; then nothing is changed. `clearing` is called
    /// before the run is gone: it ends what a dead process left running.
    public func prune(
        unreadable name: String, by person: String, reason: String, force: Bool, changing: Bool,
        clearing: (RunRemains) async -> Void = { _ in }
    ) async throws -> PruneReport {
        guard !reason.allSatisfy(\.isWhitespace) else {
            throw Refusal(
                "prune/no-reason",
                "removing a run that cannot be read, or is in doubt, needs a reason: it is kept beside the store")
        }
        var audits: [RunAudit] = []
        for number in try await store.runNumbers() {
            if let audit = try await store.audit(number, objects) { audits.append(audit) }
        }
        if let lost = try await store.lostRuns().first(where: { $0.name == name }),
            !audits.contains(where: { $0.toldName == name || $0.voucher?.name == name })
        {
            return try await giveUp(
                lost, by: person, reason: reason, force: force, changing: changing, clearing: clearing)
        }
        let leaving = try await removable(name, audits, force: force)
        var report = try await report(of: leaving, among: audits)
        if changing {
            let hold = try leaving.run.map { try store.locking.take($0) }
            defer { hold?.release() }
            if let run = leaving.run { await clearing(RunRemains(run, lines: leaving.found.lines)) }
            let operations = try await operations(leaving.audit, leaving.found)
            try await keepRecord(report, operations: operations, by: person, reason: reason)
            try await store.removeUnreadable(
                leaving.audit.number, leaving.run, events: leaving.found.lines.count, leaving.locks)
            try await afterRemoval()
        }
        if let run = leaving.run { removeLogs(of: run, changing, &report) }
        try await removeObjects(without: changing ? [] : [leaving.audit.number], clock.now(), changing, &report)
        if changing { report.staysLarge = try await !shrink() }
        report.fileAfter = fileSize
        return report
    }

    /// A run that may go though no other prune removes it.
    private struct Removable {
        var audit: RunAudit
        var name: String
        /// Nil where nothing says what it was called; a name that leads elsewhere was never given to a run.
        var run: RunID?
        /// What is in doubt in it, where it is over and can be read.
        var doubtful: [StepID]
        /// What it holds.
        var locks: [Lock]
        var found: UnreadableContents
    }

    /// The run of that name; throws where it has to stay.
    private func removable(_ name: String, _ audits: [RunAudit], force: Bool) async throws -> Removable {
        let audit = try Self.find(name, audits)
        let doubtful = try await doubtfulSteps(audit)
        try Self.refuseReadable(audit, name, audits, isInDoubt: !doubtful.isEmpty)
        if !doubtful.isEmpty, let need = try await need(of: audit, among: audits) {
            throw Refusal(
                "prune/readable", "run '\(name)' stays: \(need)",
                notes: ["`almrun resume \(name)` looks what its effects in doubt have come to"])
        }
        let run = audit.voucher?.name.flatMap { RunID($0).isPlain ? RunID($0) : nil }
        let worked = run.map { [$0] } ?? store.locking.workedOn
        for one in worked { if let holder = store.locking.holder(of: one) { throw RunStoreError.busy(one, holder) } }
        try await refuseStrangeLocks(audits)
        let locks = try await locks(of: run, name, force)
        let found = try await store.unreadable(audit.number, run)
        if let other = found.other {
            throw RunStoreError.damaged(
                "the events under the number of run '\(name)' are those of run '\(other)': put the store back from a copy"
            )
        }
        return Removable(audit: audit, name: name, run: run, doubtful: doubtful, locks: locks, found: found)
    }

    /// While a row of a lock cannot be read, nobody knows whether the run holds it.
    private func refuseStrangeLocks(_ audits: [RunAudit]) async throws {
        let fences = audits.reduce(into: FenceEvidence()) { $0.merge($1.fences) }
        let faults = try await store.lockFaults(fences, now: clock.now(), mending: false)
        guard faults.mendable.isEmpty, faults.busy.isEmpty, faults.exhausted.isEmpty else {
            throw RunStoreError.damaged(
                "rows of locks are not as almrun writes them, and the run may hold one: `almrun doctor --repair` first")
        }
    }

    /// What goes with a run, and what nobody knows any more then.
    private func report(of leaving: Removable, among audits: [RunAudit]) async throws -> PruneReport {
        let (found, doubtful) = (leaving.found, leaving.doubtful)
        var report = PruneReport()
        report.fileBefore = fileSize
        report.runs = [leaving.run ?? RunID(leaving.name)]
        report.events = PruneReport.Amount(count: found.lines.count, bytes: found.bytes)
        report.results = found.results
        report.locks = leaving.locks.map { RemovalRecord.text(of: $0) }
        report.lost = try await losses(doubtful, leaving.audit)
        report.lost += try await losses(leaving.audit, leaving.run, found, audits)
        if doubtful.isEmpty { report.lost += RunRemains(report.runs[0], lines: found.lines).cutOff.map(\.doubt) }
        return report
    }

    /// The locks that it holds, which only force takes away.
    func locks(of run: RunID?, _ name: String, _ force: Bool) async throws -> [Lock] {
        let locks = try await store.locks().filter { $0.run == run }
        if let first = locks.first, !force {
            throw Refusal(
                "prune/holds-lock", "run '\(name)' holds \(locks.map(\.name).joined(separator: " and "))",
                notes: [
                    "look whether what it did under \(first.name) has ended; then `\(RunID(name).removal) --force` takes the lock "
                        + "away as well, and ends first what its commands left running here",
                    "nothing that comes under the old number of the lock counts then",
                ])
        }
        return locks
    }

    private static func find(_ name: String, _ audits: [RunAudit]) throws -> RunAudit {
        let named = audits.filter { $0.voucher?.name == name } + audits.filter { "number \($0.number)" == name }
        guard let found = named.first ?? audits.first(where: { $0.toldName == name }) else {
            throw RunStoreError.unknownRun(name)
        }
        return found
    }

    /// What is in doubt in a run that is over and can be read.
    private func doubtfulSteps(_ audit: RunAudit) async throws -> [StepID] {
        guard case .success(let told) = audit.told, told.status.isFinished, audit.isWhole, audit.differences.isEmpty,
            audit.voucher?.name == told.run.rawValue
        else { return [] }
        return try await RunState.load(told.run, from: store).doubtfulSteps
    }

    /// Why a run that can be read has to stay, though nobody knows what an effect of it has come to; nil where nobody needs it.
    private func need(of audit: RunAudit, among audits: [RunAudit]) async throws -> String? {
        if let operation = try await operation(of: audit.number) { return operation }
        if let digest = try await store.digests(packages.needed, namedBy: audit.number).min() {
            return Self.telling(of: digest)
        }
        guard let run = audit.voucher?.name.map({ RunID($0) }) else { return nil }
        if let told = try await approvals(in: run, audit.number, asked: askedEnvironments()) { return told }
        for other in audits where other.number != audit.number {
            guard let steps = try await store.naming(of: other.number)[run] else { continue }
            return "run '\(other.name)' \(steps.isEmpty ? "has taken a result over from it" : "names it as evidence")"
        }
        return nil
    }

    /// Only what is lost anyway may go, and what no other prune removes because an effect of it is in doubt.
    private static func refuseReadable(
        _ audit: RunAudit, _ name: String, _ audits: [RunAudit], isInDoubt: Bool
    ) throws {
        let plan = Renumbering(audits)
        if plan.moves.contains(where: { $0.from == audit.number || $0.to == audit.number }) {
            throw mendable(name, "the events of run '\(name)' are all there, under another number")
        }
        switch audit.told {
        case .success(let told):
            if let own = audit.voucher?.name, own != told.run.rawValue {
                throw RunStoreError.damaged(
                    "the events under the number of run '\(name)' are those of run '\(told.run)': put the store back "
                        + "from a copy")
            }
            guard !audit.hasLost else { return }
            guard audit.differences.isEmpty else {
                throw mendable(name, "the events of run '\(name)' can be read, and say what its row does not")
            }
            if isInDoubt { return }
            let removal = "`almrun runs prune --keep N` and --older-than remove runs that have ended and can be read"
            guard !told.status.isFinished else {
                throw Refusal("prune/readable", "run '\(name)' can be read", notes: [removal])
            }
            throw Refusal(
                "prune/readable", "run '\(name)' can be read, and has not ended: it is \(told.status.rawValue)",
                notes: ["`almrun cancel \(name) --reason TEXT` ends it", removal])
        case .failure(.damaged), .failure(.unknownRun): return
        // Another version may read it, or the disk may be back in a moment.
        case .failure(let error): throw error
        }
    }

    private static func mendable(_ name: String, _ message: String) -> Refusal {
        Refusal(
            "prune/mendable", message, notes: ["`almrun doctor --repair` brings both together, and nothing is lost"])
    }

    /// What nobody knows any more of a run in doubt that can be read.
    private func losses(_ doubtful: [StepID], _ audit: RunAudit) async throws -> [String] {
        let lost = doubtful.map { "whether the effect of '\($0)' took place" }
        // Where rows of the index are not as they should be, the run goes all the same.
        guard !doubtful.isEmpty, let runs = try? await store.prunableRuns() else { return lost }
        return try await lost + lostReturns(without: runs.filter { $0.number == audit.number }, clock.now())
    }

    /// What goes with every run that cannot be read.
    static let lostWords =
        "what was approved in it and its evidence: where a package of it comes back, only a bypass opens the gates that ask "
        + "for these"

    /// What nobody knows any more afterwards.
    private func losses(
        _ audit: RunAudit, _ run: RunID?, _ found: UnreadableContents, _ audits: [RunAudit]
    ) async throws -> [String] {
        var lost = [Self.lostWords]
        let events = found.lines.compactMap { try? LedgerLine(bytes: $0).event }
        if events.count < found.lines.count {
            lost.append("\(found.lines.count - events.count) of its \(found.lines.count) events cannot be read")
        }
        for case .decided(let decision) in events.map(\.kind) {
            lost.append("'\(decision.step)': \(decision.verdict.rawValue), said by \(decision.person)")
        }
        if found.results > 0 { lost.append("\(found.results) results, which later runs could have reused") }
        guard let run else { return lost }
        for token in try await store.digests(Set(packages.operations.keys), namedBy: audit.number).sorted() {
            if let operation = packages.operations[token] { lost.append(RemovalRecord.Removal.loss(operation)) }
        }
        for other in audits where other.number != audit.number {
            guard let steps = try await store.naming(of: other.number)[run] else { continue }
            lost.append(
                steps.isEmpty
                    ? "where a result is from that run '\(other.name)' took over from it"
                    : "what run '\(other.name)' names as its evidence")
        }
        return lost
    }

    /// Keeps who removes what and why, before it is gone.
    ///
    /// - Parameter operations: The tokens of what the run began, as far as they are known.
    func keepRecord(
        _ report: PruneReport, operations: Set<String> = [], by person: String, reason: String
    ) async throws {
        let encoder = ValueEncoder()
        let record: Value = [
            "time": .string(clock.now().formatted(.iso8601)), "by": .string(person), "reason": .string(reason),
            "runs": try encoder.encode(report.runs), "locks": try encoder.encode(report.locks),
            "events": .integer(report.events.count), "lost": try encoder.encode(report.lost),
            "operations": .list(operations.sorted().map { .string($0) }),
        ]
        try RemovalRecord(folder: store.folder).append(record)
    }

    /// The tokens of what a run began in environments: what its events say that can be read, and what the others name of all
    /// that counts there now.
    private func operations(_ audit: RunAudit, _ found: UnreadableContents) async throws -> Set<String> {
        var tokens = try await store.digests(Set(packages.operations.keys), namedBy: audit.number)
        for line in found.lines {
            // Only what locks an environment has a fencing number.
            guard case .started(_, _, let token, .some, _)? = (try? LedgerLine(bytes: line))?.event.kind else {
                continue
            }
            tokens.insert(token)
        }
        return tokens
    }
}
