public import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads files that may turn out to be a pipe or a device, which would be waited for or be read without an end.
public enum RegularFile {
    /// Why there is nothing to read.
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        case missing
        /// A folder, pipe, socket or device stands there.
        case notRegular
        /// The system's number for what went wrong.
        case system(Int32)

        /// In the system's words where it has some.
        public var systemText: String {
            if case .system(let number) = self {
                strerror(number).map { String(cString: $0) } ?? description
            } else {
                description
            }
        }

        /// Lower case, no full stop.
        public var description: String {
            switch self {
            case .missing: "there is no such file"
            case .notRegular: "it is no regular file"
            case .system(let number): strerror(number).map { String(cString: $0).lowercased() } ?? "error \(number)"
            }
        }
    }

    /// The bytes of a regular file from a place on.
    public static func contents(of path: String, from offset: Int = 0) throws(Failure) -> Data {
        let descriptor = try descriptor(of: path)
        defer { close(descriptor) }
        guard offset == 0 || lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw .system(errno) }
        var content = Data()
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Self.read(descriptor, &buffer)
            if count == 0 { return content }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(errno)
            }
            content.append(contentsOf: buffer[..<count])
        }
    }

    /// Shows the bytes of a regular file piece by piece, however large it is.
    ///
    /// - Parameter begin: Given how many bytes the file has, before the first piece.
    /// - Returns: Whether there were as many, so that nobody wrote to it meanwhile.
    public static func read(
        _ path: String, begin: (Int) -> Void, piece: (UnsafeRawBufferPointer) -> Void
    ) throws(Failure) -> Bool {
        let descriptor = try descriptor(of: path)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
        let size = Int(status.st_size)
        begin(size)
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 17)
        while true {
            let count = Self.read(descriptor, &buffer)
            if count == 0 { return total == size }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(errno)
            }
            total += count
            guard total <= size else { return false }
            buffer.withUnsafeBytes { piece(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    /// Opens a file that is locked, following no link; who calls this closes it.
    ///
    /// Whether it ``hasOtherName(_:)`` is asked once it is locked: until then another process may have it.
    ///
    /// - Parameter mayWrite: Whether the file is made where it is missing, and who has the lock writes to it.
    public static func lockFile(_ path: String, mayWrite: Bool = true) throws(Failure) -> Int32 {
        let kind = mayWrite ? O_RDWR | O_CREAT : O_RDONLY
        return try checked(open(path, kind | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o644))
    }

    /// Whether a file has a second name (a hard link), under which it may be somebody else's: it is not written over.
    public static func hasOtherName(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) != 0 || status.st_nlink > 1
    }

    /// Opens a regular file for reading.
    private static func descriptor(of path: String) throws(Failure) -> Int32 {
        // Without O_NONBLOCK a pipe without a writer would wait for ever.
        try checked(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK))
    }

    /// What was opened, if it is a regular file.
    private static func checked(_ descriptor: Int32) throws(Failure) -> Int32 {
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT: throw .missing
            // A socket, or a device without its driver; a link that is not followed.
            case ENXIO, ELOOP: throw .notRegular
            default: throw .system(errno)
            }
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw .system(number)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notRegular
        }
        return descriptor
    }

    private static func read(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, &buffer, buffer.count)
        #elseif canImport(Musl)
            Musl.read(descriptor, &buffer, buffer.count)
        #else
            Darwin.read(descriptor, &buffer, buffer.count)
        #endif
    }
}
