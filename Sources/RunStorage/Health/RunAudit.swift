import Documents
import Engine

/// One run of a store: what the index says of it, and what its events say.
struct RunAudit: Sendable {
    /// The run's number, in which its events stand.
    var number: Int64
    /// As the index has it; nil when only events are there.
    var indexed: RunSummary?
    /// Why what the index has cannot be read.
    var indexFault: String?
    /// What the index says of the end of the events, as far as it can be read; nil when only events are there.
    var voucher: IndexVoucher?
    /// As the events say, or why they cannot be read.
    var told: Result<RunSummary, RunStoreError>
    /// Objects that its events name.
    var objects: [ObjectMentions.Mention]
    /// Fencing numbers that its events name.
    var fences: FenceEvidence
    /// What its events say was brought into environments.
    var deployments: [ToldDeployment]
    /// Names of the files of its logs that held something and are gone.
    var lostLogs: [String] = []

    var name: String {
        if let indexed { return indexed.run.rawValue }
        if case .success(let told) = told { return told.run.rawValue }
        return voucher?.name ?? "number \(number)"
    }

    /// The name that the events say.
    var toldName: String? { if case .success(let told) = told { told.run.rawValue } else { nil } }

    /// Whether the index knows of events that are gone or were changed: what it says is all that is left of them.
    var hasLost: Bool {
        guard case .success(let told) = told, let voucher else { return false }
        return voucher.standing(told) == .lost
    }

    /// Whether its events say that it goes on.
    var isUnfinished: Bool { if case .success(let told) = told { !told.status.isFinished } else { false } }

    /// Whether all that the run ever said can be read: what is gone may have named anything.
    var isWhole: Bool { if case .success = told { !hasLost } else { false } }

    /// Whether nothing tells where its events ended.
    var isUnvouched: Bool {
        guard case .success(let told) = told else { return false }
        return voucher.map { $0.standing(told) == .unknown } ?? true
    }

    /// What the index has wrong; empty when it agrees with the events.
    var differences: [String] {
        guard case .success(let told) = told else { return [] }
        guard let indexed else { return [indexFault ?? "is not in the index"] }
        var found: [String] = []
        func compare<Part: Equatable>(_ what: String, _ left: Part, _ right: Part) {
            if left != right { found.append("\(what) is \(left) in the index and \(right) by its events") }
        }
        compare("name", indexed.run, told.run)
        compare("pipeline", indexed.pipeline, told.pipeline)
        compare("status", indexed.status.rawValue, told.status.rawValue)
        compare("number of events", indexed.events, told.events)
        compare("head", indexed.head, told.head)
        compare("beginning", Timestamp.text(of: indexed.created), Timestamp.text(of: told.created))
        compare("last change", Timestamp.text(of: indexed.updated), Timestamp.text(of: told.updated))
        compare("number of steps", indexed.steps, told.steps)
        compare("number of steps that ended", indexed.settled, told.settled)
        if indexed.requester != told.requester || indexed.group != told.group {
            found.append("requester or group differ")
        }
        if indexed.waits.map(\.step) != told.waits.map(\.step) { found.append("what it waits for differs") }
        return found
    }
}
