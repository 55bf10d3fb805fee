extension Runner {
    /// How long is waited for a process that has a run only to end what a dead one left: what ignores SIGTERM has 10 s.
    private static let holdPatience = Duration.seconds(15)

    /// The right to work on a run. Throws ``RunStoreError/busy(_:_:)`` at once where another process works on it, and is waited
    /// for where one only ends what a dead process left running.
    func holdSoon(_ run: RunID) async throws -> RunHold {
        let start = ContinuousClock.now
        var isTold = false
        while true {
            let answer = try await askForHold(of: run)
            if let hold = answer.hold { return hold }
            let mayWait = try await isLeaving(answer.holder, run) && start.duration(to: .now) < Self.holdPatience
            guard mayWait, !Task.isCancelled else { throw RunStoreError.busy(run, answer.holder) }
            if !isTold, start.duration(to: .now) > .seconds(1) {
                observe(.remark(Self.text(of: answer.holder, run)))
                isTold = true
            }
            // A wait that is cut short is seen above.
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func askForHold(of run: RunID) async throws -> (hold: RunHold?, holder: RunHold.Holder?) {
        do {
            return (try await store.hold(run), nil)
        } catch RunStoreError.busy(_, let holder) {
            return (nil, holder)
        }
    }

    /// Whether the process does not work on the run, or no longer: it ends what another one left, or lets the run rest.
    private func isLeaving(_ holder: RunHold.Holder?, _ run: RunID) async throws -> Bool {
        if let holder, holder.isStopped { return false }
        let state = try await RunState.load(run, from: store)
        return state.status == .waiting || holder.map { !$0.isLast(of: state) } ?? false
    }

    private static func text(of holder: RunHold.Holder?, _ run: RunID) -> String {
        let process = holder.map { "process \($0.process) on \($0.host)" } ?? "a process that does not say which"
        return "\(process) has run '\(run)' for a moment, as to end what a killed one left running: "
            + "it is waited for, \(holdPatience.components.seconds) s at most"
    }
}
