/// Notices that there is no backend at all, so that one cause is told and not a failure for every case.
struct ReachWatch {
    let address: String
    private var isReached = false

    init(address: String) { self.address = address }

    /// Throws where the first calls get no connection; a silent or broken answer is one of a backend that is there.
    mutating func note(_ record: CaseRecord) throws(BackendUnreachable) {
        if record.answers > 0 { isReached = true }
        guard let cause = record.transport else { return }
        if !cause.isUnreachable { isReached = true }
        guard isReached else { throw BackendUnreachable(address: address, cause: cause.text) }
    }
}
