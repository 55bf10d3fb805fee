import Pipelines

import struct Foundation.Date

/// What other people did meanwhile, before a gate opens because of what some have said.
extension RunDrive {
    /// What a look at other people gives.
    enum Lesson {
        case nothing
        /// There was something to learn, so that the gate has to be judged again.
        case news
        /// Something cannot be read now: the gate stays closed, and the ledger keeps nothing of it.
        case unknown
    }

    /// Looks anew who may not approve, before approvals open a gate.
    mutating func lesson(before kind: RunEvent.Kind) async throws -> Lesson {
        guard let learning = runner.learning, case .ended(let id, _, .succeeded) = kind,
            let number = state.index[id], case .gate(.approval(let policy)) = state.plan.steps[number].work,
            policy.asksOfOthers, case .approved? = state.standing(of: state.plan.steps[number], now: now)
        else { return .nothing }
        if let again = unlearned[number], now < again { return .unknown }
        let found: KnownPeople?
        do {
            found = try await learning(state)
        } catch let error as RunStoreError {
            throw error
        } catch {
            unlearned[number] = now.addingTimeInterval(10)
            runner.observe(
                .remark("'\(id)' stays closed: who may not approve cannot be looked up now: \(error)"))
            if state.steps[number].status != .waiting {
                try stage(
                    .suspended(
                        id,
                        Suspension(
                            .approval, code: "run/approval",
                            message: "waits until it can be looked up who may not approve")))
            }
            return .unknown
        }
        unlearned[number] = nil
        guard let found, let news = state.news(in: found) else { return .nothing }
        try stage(.learned(news, by: Runner.process))
        // One that was looked at for the first time is looked at again; who waits is so anyway.
        if state.steps[number].status != .waiting { schedule.reexamine(number) }
        return .news
    }

    /// Looks anew where a run that is taken up knows of others that could not be read: what was approved before counts again
    /// once they can be read, or somebody gave them up.
    mutating func learnWhatIsCleared() async throws {
        guard let learning = runner.learning, state.cancelRequest == nil, !state.people.unreadable.isEmpty else {
            return
        }
        let found: KnownPeople?
        do {
            found = try await learning(state)
        } catch let error as RunStoreError {
            throw error
        } catch {
            // The gates stay closed as they were; whoever approves there is told why.
            return
        }
        guard let found else { return }
        try await write { drive in
            guard let news = drive.state.news(in: found), !news.cleared.isEmpty else { return }
            try drive.stage(.learned(news, by: Runner.process))
        }
    }
}
