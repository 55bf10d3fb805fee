public import Foundation

/// Files that are whole or absent, whatever instant the machine stops at.
public enum DurableFile {
    /// Writes to a temporary name in the same folder, syncs, renames, and syncs the folder.
    public static func write(_ content: Data, to path: String) throws(StageFailure) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw failure("cannot make the folder '\(folder)'", errno)
        }
        var template = Array("\(path).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("cannot write in '\(folder)'", errno) }
        let temporary = template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        do throws(StageFailure) {
            try writeAll(content, to: descriptor, path)
            guard fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0 else {
                throw failure("cannot write '\(path)'", errno)
            }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else {
            let reason = errno
            unlink(temporary)
            throw failure("cannot write '\(path)'", reason)
        }
        let handle = open(folder, O_RDONLY)
        if handle >= 0 {
            fsync(handle)
            close(handle)
        }
    }

    private static func writeAll(_ content: Data, to descriptor: Int32, _ path: String) throws(StageFailure) {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("cannot write '\(path)'", errno)
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ what: String, _ number: Int32) -> StageFailure {
        StageFailure(.broken, "file/write", "\(what): \(String(cString: strerror(number)))")
    }
}
