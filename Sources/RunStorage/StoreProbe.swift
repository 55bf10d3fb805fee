import Documents
import Foundation

/// Finds out why a store cannot be opened or written, which SQLite does not say.
enum StoreProbe {
    /// What is in the way, in the system's words; nil when nothing is any more.
    static func obstacle(of file: String) -> String? {
        let folder = URL(filePath: file).deletingLastPathComponent().path
        if access(folder, X_OK) != 0 { return "'\(folder)' cannot be entered: \(reason)" }
        if access(file, F_OK) == 0 {
            if access(file, R_OK) != 0 { return "'\(file)' cannot be read: \(reason)" }
            if access(file, W_OK) != 0 { return "'\(file)' cannot be written: \(reason)" }
        }
        var template = Array(TemporaryName.template(for: file).utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return "no file can be made in '\(folder)': \(reason)" }
        defer { close(descriptor) }
        unlink(template)
        // As far from the beginning as SQLite writes: the length of files may be limited.
        var place = max(1 << 16, size(file), size("\(file)-wal"))
        let end = place + (1 << 16)
        let zeros = [UInt8](repeating: 0, count: end - place)
        while place < end {
            let count = zeros.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, end - place, off_t(place)) }
            guard count > 0 else { return "'\(file)' cannot be written: \(reason)" }
            place += count
        }
        return fsync(descriptor) == 0 ? nil : "'\(file)' cannot be written: \(reason)"
    }

    private static var reason: String { String(cString: strerror(errno)) }

    private static func size(_ path: String) -> Int {
        var status = stat()
        // A file that is not there is as long as an empty one.
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
