import Engine
import Foundation

/// The file that a name led to when it was opened: who goes on writing to it after the name is gone writes for nobody.
struct FilePlace: Sendable, Equatable {
    private let path: String
    private let device: UInt64
    private let number: UInt64

    /// Nil where the name leads to nothing.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(path, status)
    }

    /// Of a file that is open under a name, wherever the name leads by now.
    init?(_ path: String, descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(path, status)
    }

    private init(_ path: String, _ status: stat) {
        self.path = path
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
    }

    /// Whether the name leads to the file; refuses where that cannot be looked up: a disk of the network that does not answer
    /// has lost nothing.
    var isInPlace: Bool {
        get throws(RunStoreError) {
            var status = stat()
            if stat(path, &status) == 0 { return FilePlace(path, status) == self }
            guard [ENOENT, ENOTDIR].contains(errno) else {
                throw .unavailable("'\(path)' cannot be looked at: \(String(cString: strerror(errno)))")
            }
            return false
        }
    }

    /// Refuses where the name leads to another file by now, or to none.
    func check() throws(RunStoreError) {
        guard try isInPlace else { throw Self.lost(path) }
    }

    /// The error for a file that is not where it was opened.
    static func lost(_ path: String) -> RunStoreError {
        .damaged(
            "'\(path)' was removed, moved or replaced while this process worked with it: what is written here would be lost, "
                + "so that nothing more is done; put the file back where it was, or from a copy, and see what `almrun doctor` "
                + "says")
    }
}
