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
        let all = try await LockRegister(store: store).held()
        // Who comes first at what nobody has.
        var firsts = waits.filter { wait in !all.contains { $0.lock.name == wait.name } }.map(\.holder)
        if let queue = state.queue, queue.isFree, queue.hasSince == nil { firsts.append(queue.holder) }
        for first in Set(firsts).sorted() {
            if let stop = LockReport.stop(try await store.holder(of: first), before: first) { Console.error(stop) }
        }
        for held in all where wanted.contains(held.lock.name) {
            let step = held.lock.step.isEmpty ? "" : ", step \(held.lock.step)"
            Console.error(
                "\(held.lock.name) is held by run \(held.lock.run)\(step); process: \(LockReport.process(held.process))"
                    + LockReport.advice(held)
            )
        }
    }
}
