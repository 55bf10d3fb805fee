import Foundation

/// The calls to the system that start and watch processes; all of the unsafe memory is here.
enum KernelCalls {
    // Swift's view of the C library leaves out what is not POSIX, and functions with variable argument lists.
    private typealias Prctl =
        @convention(c) @Sendable (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
    private typealias PidfdOpen = @convention(c) @Sendable (pid_t, CUnsignedInt) -> CInt
    private typealias Pipe2 = @convention(c) @Sendable (UnsafeMutablePointer<CInt>, CInt) -> CInt
    private typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>
    private typealias AddFolder = @convention(c) @Sendable (Actions, UnsafePointer<CChar>) -> CInt
    private typealias AddCloseFrom = @convention(c) @Sendable (Actions, CInt) -> CInt

    private static let prctl = symbol("prctl", as: Prctl.self)
    private static let pidfdOpen = symbol("pidfd_open", as: PidfdOpen.self)
    private static let pipe2 = symbol("pipe2", as: Pipe2.self)
    private static let addFolder = symbol("posix_spawn_file_actions_addchdir_np", as: AddFolder.self)
    private static let addCloseFrom = symbol("posix_spawn_file_actions_addclosefrom_np", as: AddCloseFrom.self)

    /// Signals go back to their defaults in a new process; these two cannot be changed at all.
    private static let changeableSignals = (1...31).filter { $0 != SIGKILL && $0 != SIGSTOP }

    private static func symbol<Function>(_ name: String, as type: Function.Type) -> Function? {
        // The first argument is the program with all of its libraries.
        guard let address = dlsym(nil, name) else { return nil }
        return unsafeBitCast(address, to: type)
    }

    /// Makes this process the parent of what its descendants leave behind.
    static func becomeSubreaper() {
        // PR_SET_CHILD_SUBREAPER; where it is missing, marks and groups still find most of it.
        _ = prctl?(36, 1, 0, 0, 0)
    }

    /// Sees to it that the system keeps the status of an ended child, also when who started us did not want that.
    static func keepStatuses() {
        var action = sigaction()
        guard sigaction(SIGCHLD, nil, &action) == 0,
            unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        else { return }
        signal(SIGCHLD, SIG_DFL)
    }

    /// A descriptor that can be polled for the end of a process, or -1.
    static func descriptor(ofProcess process: pid_t) -> Int32 {
        pidfdOpen?(process, 0) ?? -1
    }

    /// A pipe that no other program inherits; the write end has a number that no standard stream has.
    static func pipe() throws(ChildStartError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard let pipe2 else { throw ChildStartError(number: ENOSYS) }
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw ChildStartError(number: errno) }
        for index in ends.indices where ends[index] <= STDERR_FILENO {
            let low = ends[index]
            ends[index] = fcntl(low, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
            let reason = errno
            close(low)
            guard ends[index] >= 0 else {
                close(ends[1 - index])
                throw ChildStartError(number: reason)
            }
        }
        return (ends[0], ends[1])
    }

    /// Starts a program in a process group of its own, with nothing to read from and no other descriptor than its streams.
    static func start(_ command: ChildCommand, output: Int32, error: Int32) throws(ChildStartError) -> pid_t {
        guard let addFolder else { throw ChildStartError(number: ENOSYS) }
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in changeableSignals { sigaddset(&signals, Int32(signal)) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO)
        _ = addFolder(&actions, command.folder)
        // Ours are closed by their own flag; this is for those of libraries.
        _ = addCloseFrom?(&actions, STDERR_FILENO + 1)

        var arguments = command.arguments.map { strdup($0) } + [nil]
        var variables = command.variables.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, command.path, &actions, &attributes, &arguments, &variables)
        guard result == 0 else { throw ChildStartError(number: result) }
        return process
    }

    /// Takes the status of an ended child of ours: nil while it runs.
    static func reap(_ process: pid_t) -> ChildStatus? {
        var status: Int32 = 0
        while true {
            let found = waitpid(process, &status, WNOHANG)
            if found == process { return ChildStatus(waited: status) }
            if found == 0 { return nil }
            // Somebody else took the status: all that is known is that the process is over.
            if errno != EINTR { return .exited(255) }
        }
    }

    /// Whether this process has any child, running or ended.
    static func hasChildren() -> Bool {
        var information = siginfo_t()
        return waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD
    }

    /// Gives the bytes of a file of the process list; nil when the process is gone or is not ours to read.
    static func contents<Result>(_ path: String, _ use: (UnsafeRawBufferPointer) -> Result?) -> Result? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var size = 4096
        while true {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
            defer { buffer.deallocate() }
            var filled = 0
            while filled < size {
                let count = pread(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled, off_t(filled))
                if count < 0, errno == EINTR { continue }
                if count < 0 { return nil }
                if count == 0 { return use(UnsafeRawBufferPointer(rebasing: buffer[..<filled])) }
                filled += count
            }
            size *= 8
        }
    }
}
