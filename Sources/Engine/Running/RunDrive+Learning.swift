import Pipelines

/// What other people did meanwhile, before a gate opens because of what some have said.
extension RunDrive {
    /// Looks anew who may not approve, before approvals open a gate; true when there was something to learn, so that the
    /// gate has to be judged again.
    mutating func learns(before kind: RunEvent.Kind) async throws -> Bool {
        guard let learning = runner.learning, case .ended(let id, _, .succeeded) = kind,
            let number = state.index[id], case .gate(.approval(let policy)) = state.plan.steps[number].work,
            policy.asksOfOthers, case .approved? = state.standing(of: state.plan.steps[number], now: now),
            let found = try await learning(state), let news = state.news(in: found)
        else { return false }
        try stage(.learned(news, by: Runner.process))
        // One that was looked at for the first time is looked at again; who waits is so anyway.
        if state.steps[number].status != .waiting { schedule.reexamine(number) }
        return true
    }
}
