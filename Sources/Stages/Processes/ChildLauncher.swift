import Foundation

/// Runs a program, and sees to it that nothing of it goes on running afterwards.
struct ChildLauncher: Sendable {
    /// How long processes may take to end when they are asked to.
    var grace: Duration = .seconds(10)
    /// How long what a command leaves behind may take to end by itself.
    var settling: Duration = .milliseconds(100)

    /// Starts the program and waits for its end; when the task is cancelled it is ended, and its status comes back all the same.
    func run(
        _ command: ChildCommand, mark: ProcessMark, receiver: @escaping Child.Receiver
    ) async throws -> ChildEnding {
        try Task.checkCancellation()
        let child = try Child.start(command, mark: mark, receiver: receiver)
        let family = ProcessFamily(mark: mark, group: child.process)
        guard let status = await child.exit() else {
            var ending = ProcessEnding(family.members)
            _ = await ending.end(within: grace)
            let status = await child.exitInAnyCase()
            await child.silence(within: 100)
            return ChildEnding(status: status, wasStopped: true)
        }
        var leftBehind: [String] = []
        if family.mayHaveMembers() {
            var ending = ProcessEnding(family.members)
            leftBehind = await ending.end(within: grace, after: settling)
        }
        await child.silence(within: 100)
        return ChildEnding(status: status, leftBehind: leftBehind)
    }
}
