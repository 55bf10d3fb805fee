import Engine
import Reporting

extension OpenedRun {
    /// Says beside the run what only this moment knows: who works on what it waits for.
    func tellOfProcesses() async throws {
        if !state.status.isFinished, let own = try await store.holder(of: state.run), own.isStopped {
            Console.error(
                "process \(own.process) on \(own.host), which works on the run, is stopped: nothing goes on until "
                    + "`kill -CONT \(own.process)`")
        }
        let waits = state.status.isFinished ? [] : state.waits.compactMap(\.suspension.lock)
        var wanted = Set(waits.map(\.name))
        if let queue = state.queue { wanted.insert(Lock.group(queue.group)) }
        guard !wanted.isEmpty else { return }
        for held in try await LockRegister(store: store).held() where wanted.contains(held.lock.name) {
            let step = held.lock.step.isEmpty ? "" : ", step \(held.lock.step)"
            Console.error(
                "\(held.lock.name) is held by run \(held.lock.run)\(step); process: \(LockReport.process(held.process))"
                    + LockReport.advice(held)
            )
        }
    }
}
