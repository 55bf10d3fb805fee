import Engine
import Reporting

extension OpenedRun {
    /// Says beside the run what only this moment knows: who works on what it waits for.
    func tellOfProcesses() async throws {
        if !state.status.isFinished, let stop = LockReport.stop(try await store.holder(of: state.run)) {
            Console.error(stop)
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
