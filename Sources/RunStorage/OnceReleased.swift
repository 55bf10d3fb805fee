import Engine
import Foundation
import Synchronization

/// A locked file that is let go once.
final class OnceReleased: Sendable {
    private let descriptor: Int32
    private let path: String
    private let place: FilePlace
    private let isReleased = Mutex(false)

    init(descriptor: Int32, path: String, place: FilePlace) {
        self.descriptor = descriptor
        self.path = path
        self.place = place
    }

    deinit { release() }

    /// Whether the name still leads to the file that was locked: others look there.
    var isInPlace: Bool { get throws(RunStoreError) { try place.isInPlace } }

    /// Removes the file and drops the lock.
    func release() {
        isReleased.withLock { isReleased in
            guard !isReleased else { return }
            isReleased = true
            // Where it was replaced, another process has that one.
            if (try? isInPlace) == true { unlink(path) }
            close(descriptor)
        }
    }
}
