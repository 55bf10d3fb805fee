extension RunState {
    /// What comes of the run when somebody takes it up on which no process works any more, as after "its process is gone:".
    public var wayOnWithoutProcess: String {
        "`almrun resume \(run)` \(cancelRequest == nil ? "carries on" : "cancels it, as was asked")"
    }
}

extension RunState.CancelRequest {
    /// Who asked, when and why, as after "cancelled".
    public var said: String { "by \(person) \(EventTime.text(time))\(reason.map { ": \($0)" } ?? "")" }
}
