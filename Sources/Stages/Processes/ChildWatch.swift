import Foundation
import Synchronization

/// The one thread that reads what all children write, and notices their ends.
final class ChildWatch: Sendable {
    static let shared = ChildWatch()

    private enum Request: Sendable {
        case add(Child, streams: [Int32], exit: Int32)
        case close(Child, deadline: ContinuousClock.Instant)
    }

    private let requests = Mutex<[Request]>([])
    private let wake: (read: Int32, write: Int32)?

    private init() {
        // Without a pipe the thread looks for requests from time to time.
        wake = try? KernelCalls.pipe()
        let thread = Thread { self.serve() }
        thread.name = "almrun-children"
        thread.start()
    }

    /// Begins to serve a process that was just started.
    func add(_ child: Child, streams: [Int32]) {
        ask(.add(child, streams: streams, exit: KernelCalls.descriptor(ofProcess: child.process)))
    }

    /// Closes the streams of a process that is over, at the latest after so many milliseconds.
    func close(_ child: Child, within milliseconds: Int) {
        ask(.close(child, deadline: .now.advanced(by: .milliseconds(milliseconds))))
    }

    private func ask(_ request: Request) {
        let isFirst = requests.withLock { requests in
            requests.append(request)
            return requests.count == 1
        }
        // One byte is enough for all that is asked before it is read.
        if isFirst, let wake { _ = write(wake.write, [1], 1) }
    }

    private func serve() {
        var children: [WatchedChild] = []
        var polled: [pollfd] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
        while true {
            polled.removeAll(keepingCapacity: true)
            polled.append(pollfd(fd: wake?.read ?? -1, events: Int16(POLLIN), revents: 0))
            for child in children { child.register(in: &polled) }
            let pause = children.reduce(wake == nil ? 10 : Int32.max) { min($0, $1.pause) }
            guard poll(&polled, nfds_t(polled.count), pause == .max ? -1 : pause) >= 0 else { continue }
            for child in children { child.serve(polled, buffer) }
            if polled[0].revents != 0, let wake { _ = read(wake.read, buffer.baseAddress, 64) }
            let asked = requests.withLock { requests in
                defer { requests.removeAll(keepingCapacity: true) }
                return requests
            }
            for request in asked {
                switch request {
                case .add(let child, let streams, let exit):
                    children.append(WatchedChild(child, streams: streams, exit: exit))
                case .close(let child, let deadline): children.first { $0.child === child }?.deadline = deadline
                }
            }
            children.removeAll(where: \.isOver)
        }
    }
}
