import Foundation
import Synchronization

/// A locked file that is let go once.
final class OnceReleased: Sendable {
    private let descriptor: Int32
    private let path: String
    private let isReleased = Mutex(false)

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { release() }

    /// Whether the name still leads to the file that was locked: others look there.
    var isInPlace: Bool { Self.leads(path, to: descriptor) }

    static func leads(_ path: String, to descriptor: Int32) -> Bool {
        var locked = stat()
        var named = stat()
        return fstat(descriptor, &locked) == 0 && stat(path, &named) == 0 && locked.st_ino == named.st_ino
            && locked.st_dev == named.st_dev
    }

    /// Removes the file and drops the lock.
    func release() {
        isReleased.withLock { isReleased in
            guard !isReleased else { return }
            isReleased = true
            // Where it was replaced, another process has that one.
            if isInPlace { unlink(path) }
            close(descriptor)
        }
    }
}
