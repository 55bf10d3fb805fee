import Documents
import Engine
import Foundation

/// A file of lines of JSON beside the store, which is only ever added to.
enum RecordFile {
    /// Adds a line that is on the disk when this returns.
    static func append(_ record: Value, to path: String) throws(RunStoreError) {
        var line = Array((record.json() + "\n").utf8)
        // What a write left that was cut off is a line of its own.
        if let last = try? RegularFile.contents(of: path).last, last != 0x0A { line.insert(0x0A, at: 0) }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        guard write(file, line, line.count) == line.count, fsync(file) == 0 else { throw failure(path) }
        DurableFile.settle(path)
    }

    private static func failure(_ path: String) -> RunStoreError {
        .unavailable("cannot write '\(path)': \(String(cString: strerror(errno)))")
    }
}
