import Foundation
import Synchronization

/// A process that was started here, until it is over and all it wrote was read.
final class Child: Sendable {
    /// Takes what the process writes; no bytes at all mean that the stream has ended.
    typealias Receiver = @Sendable (UnsafeRawBufferPointer, ChildStream) -> Void

    private struct State {
        var status: ChildStatus?
        var isSilent = false
        var waitsForExit: CheckedContinuation<ChildStatus?, Never>?
        var waitsForSilence: CheckedContinuation<Void, Never>?
    }

    let process: pid_t
    let mark: ProcessMark
    private let receiver: Receiver
    private let state = Mutex(State())

    private init(process: pid_t, mark: ProcessMark, receiver: @escaping Receiver) {
        self.process = process
        self.mark = mark
        self.receiver = receiver
    }

    /// Starts a program; what it writes is passed on from another thread.
    static func start(
        _ command: ChildCommand, mark: ProcessMark, receiver: @escaping Receiver
    ) throws(ChildStartError) -> Child {
        var pipes: [(read: Int32, write: Int32)] = []
        do throws(ChildStartError) {
            for _ in ChildStream.allCases { pipes.append(try KernelCalls.pipe()) }
            let process = try ChildRegistry.shared.start(mark) { () throws(ChildStartError) in
                try KernelCalls.start(command, output: pipes[0].write, error: pipes[1].write)
            }
            for pipe in pipes { close(pipe.write) }
            let child = Child(process: process, mark: mark, receiver: receiver)
            ChildWatch.shared.add(child, streams: pipes.map(\.read))
            return child
        } catch {
            for pipe in pipes {
                close(pipe.read)
                close(pipe.write)
            }
            throw error
        }
    }

    /// Waits for the end of the process; all it had written by then has been passed on. Nil when the task is cancelled first.
    func exit() async -> ChildStatus? {
        await withTaskCancellationHandler {
            await waitForExit()
        } onCancel: {
            let waiting = state.withLock { state in
                defer { state.waitsForExit = nil }
                return state.waitsForExit
            }
            waiting?.resume(returning: nil)
        }
    }

    /// Waits for the end of the process, whether the task is cancelled or not.
    func exitInAnyCase() async -> ChildStatus {
        // A task of its own is not cancelled with this one, so it comes back with a status.
        await Task { await exit() }.value ?? .signaled(SIGKILL)
    }

    /// Waits until nobody can write to the streams any more, but not for long: then they are closed.
    func silence(within milliseconds: Int) async {
        if state.withLock(\.isSilent) { return }
        ChildWatch.shared.close(self, within: milliseconds)
        await withCheckedContinuation { continuation in
            let isSilent = state.withLock { state in
                if !state.isSilent { state.waitsForSilence = continuation }
                return state.isSilent
            }
            if isSilent { continuation.resume() }
        }
    }

    private func waitForExit() async -> ChildStatus? {
        await withCheckedContinuation { continuation in
            let (status, isOver) = state.withLock { state -> (ChildStatus?, Bool) in
                if let status = state.status { return (status, true) }
                if Task.isCancelled { return (nil, true) }
                state.waitsForExit = continuation
                return (nil, false)
            }
            if isOver { continuation.resume(returning: status) }
        }
    }

    // MARK: - For the thread that watches

    func received(_ bytes: UnsafeRawBufferPointer, _ stream: ChildStream) { receiver(bytes, stream) }

    func ended(_ status: ChildStatus, isSilent: Bool) {
        let waiting = state.withLock { state in
            state.status = status
            state.isSilent = isSilent
            defer { state.waitsForExit = nil }
            return state.waitsForExit
        }
        waiting?.resume(returning: status)
    }

    func becameSilent() {
        let waiting = state.withLock { state in
            state.isSilent = true
            defer { state.waitsForSilence = nil }
            return state.waitsForSilence
        }
        waiting?.resume()
    }
}
