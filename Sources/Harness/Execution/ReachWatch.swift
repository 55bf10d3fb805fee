/// Notices that a backend does not answer, so that one cause is told and not a failure for every case.
struct ReachWatch {
    let address: String
    private var answered = 0
    private var silent = 0
    private var lastCause = ""

    private static let patience = 5

    init(address: String) { self.address = address }

    mutating func note(_ record: CaseRecord) throws(BackendUnreachable) {
        answered += record.answers
        guard record.answers == 0, let cause = record.transport else {
            if record.answers > 0 { silent = 0 }
            return
        }
        silent += 1
        lastCause = cause.text
        if cause.isUnreachable && answered == 0 || silent >= Self.patience && (cause.isUnreachable || answered == 0) {
            throw BackendUnreachable(address: address, cause: cause.text, answered: answered)
        }
    }

    /// At the end: a run without any answer says nothing about the connector.
    func finish() throws(BackendUnreachable) {
        if answered == 0, silent > 0 { throw BackendUnreachable(address: address, cause: lastCause, answered: 0) }
    }
}
