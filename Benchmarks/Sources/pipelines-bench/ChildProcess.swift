import Foundation

/// What one whole process took, from before its start until after its end, as the system counts it.
struct ChildProcess {
    var milliseconds: Double
    /// Of the process and of everything that it waited for.
    var processorMilliseconds: Double
    /// Of the largest single process, in MiB.
    var peak: Double
    var status: Int32

    /// Runs a command with its output thrown away.
    static func run(_ command: [String], in folder: String, _ variables: [String: String]) throws -> ChildProcess {
        guard chdir(folder) == 0 else { throw POSIXError(.ENOENT) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        let environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }.map { "\($0)=\($1)" }
        var process = pid_t()
        var usage = rusage()
        var status: Int32 = 0
        let begin = ContinuousClock.now
        let problem = withStrings(command) { command in
            withStrings(environment) { posix_spawnp(&process, command[0]!, &actions, nil, command, $0) }
        }
        guard problem == 0 else { throw POSIXError(POSIXErrorCode(rawValue: problem) ?? .ENOENT) }
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        let taken = ContinuousClock.now - begin
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        return ChildProcess(
            milliseconds: Double(taken.components.seconds) * 1000 + Double(taken.components.attoseconds) / 1e15,
            processorMilliseconds: Double(seconds) * 1000
                + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000,
            peak: Double(usage.ru_maxrss) / 1024, status: status)
    }

    private static func withStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return body(copies)
    }
}
