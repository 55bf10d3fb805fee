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

    /// Removes the file and drops the lock.
    func release() {
        isReleased.withLock { isReleased in
            guard !isReleased else { return }
            isReleased = true
            unlink(path)
            close(descriptor)
        }
    }
}
