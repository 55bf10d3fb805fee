/// How a process ended.
enum ChildStatus: Sendable, Hashable {
    case exited(Int32)
    case signaled(Int32)

    /// Reads what the system gives to who waits for a process.
    init(waited status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited((status >> 8) & 0xff) : .signaled(signal)
    }
}
