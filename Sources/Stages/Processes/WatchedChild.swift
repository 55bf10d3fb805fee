import Foundation

/// What the watching thread keeps of one process.
final class WatchedChild {
    let child: Child
    /// When the streams are closed even if somebody could still write to them.
    var deadline: ContinuousClock.Instant?
    private var streams: [Int32]
    private let exit: Int32
    private var isEnded = false
    private var first = 0

    init(_ child: Child, streams: [Int32], exit: Int32) {
        self.child = child
        self.streams = streams
        self.exit = exit
    }

    /// Whether nothing can come from it any more.
    var isOver: Bool { isEnded && isSilent }

    /// After how many milliseconds it has to be served even if nothing happens.
    var pause: Int32 {
        if !isEnded { return exit < 0 ? 10 : .max }
        guard let deadline else { return .max }
        let left = ContinuousClock.now.duration(to: deadline)
        return Int32(max(0, min(1000, left / .milliseconds(1)).rounded(.up)))
    }

    private var isSilent: Bool { streams.allSatisfy { $0 < 0 } }

    /// Adds the descriptors to be watched; the system passes over those that are -1.
    func register(in polled: inout [pollfd]) {
        first = polled.count
        for descriptor in streams + [isEnded ? -1 : exit] {
            polled.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
    }

    /// Reads what came, and takes the status when the process is over.
    func serve(_ polled: [pollfd], _ buffer: UnsafeMutableRawBufferPointer) {
        for stream in ChildStream.allCases where polled[first + stream.rawValue].revents != 0 { read(stream, buffer) }
        if !isEnded, exit < 0 || polled[first + streams.count].revents != 0 { takeStatus(buffer) }
        if isEnded, !isSilent, let deadline, deadline <= .now {
            for stream in ChildStream.allCases { close(stream) }
        }
    }

    private func takeStatus(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let status = ChildRegistry.shared.reap(child.process) else { return }
        if exit >= 0 { Foundation.close(exit) }
        for stream in ChildStream.allCases { drain(stream, buffer) }
        isEnded = true
        child.ended(status, isSilent: isSilent)
    }

    /// Reads what is there already: a pipe holds 64 KiB, and 1 MiB at the most.
    private func drain(_ stream: ChildStream, _ buffer: UnsafeMutableRawBufferPointer) {
        for _ in 0..<32 {
            guard streams[stream.rawValue] >= 0 else { return }
            var polled = pollfd(fd: streams[stream.rawValue], events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, 0) > 0 else { return }
            read(stream, buffer)
        }
    }

    private func read(_ stream: ChildStream, _ buffer: UnsafeMutableRawBufferPointer) {
        let count = Foundation.read(streams[stream.rawValue], buffer.baseAddress, buffer.count)
        if count > 0 {
            child.received(UnsafeRawBufferPointer(rebasing: buffer[..<count]), stream)
        } else if count == 0 || errno != EINTR {
            close(stream)
        }
    }

    private func close(_ stream: ChildStream) {
        guard streams[stream.rawValue] >= 0 else { return }
        child.received(UnsafeRawBufferPointer(start: nil, count: 0), stream)
        Foundation.close(streams[stream.rawValue])
        streams[stream.rawValue] = -1
        if isOver { child.becameSilent() }
    }
}
