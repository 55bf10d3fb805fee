#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that are read and written as a whole.
public enum WholeFile {
    /// The content of a regular file that is not larger than a limit.
    public static func read(_ path: String, limit: Int = 1 << 30) throws(ZipError) -> [UInt8] {
        // Without O_NONBLOCK a pipe without a writer would wait for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(.unreadable, "cannot read '\(path)'", errno) }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw failure(.unreadable, "cannot read '\(path)'", errno) }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw ZipError(.unreadable, "'\(path)' is not a regular file")
        }
        let size = Int(information.st_size)
        guard size <= limit else {
            throw ZipError(.tooLarge, "'\(path)' has \(size) bytes; at most \(limit) are read")
        }
        var content = [UInt8](repeating: 0, count: size)
        var done = 0
        while done < size {
            let count = content.withUnsafeMutableBytes { buffer in
                readBytes(descriptor, buffer.baseAddress?.advanced(by: done), size - done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(.unreadable, "cannot read '\(path)'", errno)
            }
            if count == 0 { break }
            done += count
        }
        content.removeLast(size - done)
        return content
    }

    /// Follows the name of a file while it is written; the same as `TemporaryName.suffix` of the room Documents.
    public static let temporarySuffix = ".almrun-tmp-XXXXXX"

    /// Writes a file so that it is whole or absent at every instant.
    ///
    /// It gets a temporary name in the same folder, is synced, renamed, and the folder is synced.
    /// Devices, pipes, links and folders are refused: a rename would put a file in their place.
    public static func write(_ content: [UInt8], to path: String) throws(ZipError) {
        var there = stat()
        guard lstat(path, &there) != 0 || there.st_mode & S_IFMT == S_IFREG else {
            throw ZipError(.unwritable, "'\(path)' is no regular file, and would be replaced by one")
        }
        var template = Array((path + temporarySuffix).utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure(.unwritable, "cannot write '\(path)'", errno) }
        let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var number = writeAll(content, to: descriptor)
        if number == 0 && fchmod(descriptor, 0o644) != 0 { number = errno }
        if number == 0 && fsync(descriptor) != 0 { number = errno }
        if close(descriptor) != 0 && number == 0 { number = errno }
        if number == 0 && rename(temporary, path) != 0 { number = errno }
        guard number == 0 else {
            unlink(temporary)
            throw failure(.unwritable, "cannot write '\(path)'", number)
        }
        syncFolder(of: path)
    }

    /// Makes the names in the folder of a path durable; file systems that cannot do it have nothing to offer instead.
    public static func syncFolder(of path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let folder = parts.isEmpty ? "." : parts.joined(separator: "/")
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func writeAll(_ content: [UInt8], to descriptor: Int32) -> Int32 {
        var done = 0
        while done < content.count {
            let count = content.withUnsafeBytes { buffer in
                writeBytes(descriptor, buffer.baseAddress?.advanced(by: done), content.count - done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            done += count
        }
        return 0
    }

    private static func failure(_ kind: ZipError.Kind, _ what: String, _ number: Int32) -> ZipError {
        ZipError(kind, "\(what): \(String(cString: strerror(number)))")
    }
}

private func readBytes(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, start, count)
}

private func writeBytes(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, start, count)
}
