import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads regular files whole, and says in words what stands in the way.
enum FileContents {
    static func read(_ path: String, shownAs name: String, limit: Int) throws(Rejected) -> [UInt8] {
        let source = Source(name: name, bytes: [])
        func refusal(_ code: String, _ message: String, help: String? = nil) -> Rejected {
            Rejected(Diagnostic(code, message, at: Location(source: source, range: 0..<0), help: help))
        }
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw refusal("document/missing", "there is no file with the name '\(name)'")
        }
        // Without O_NONBLOCK a pipe without a writer would wait for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let reason = errno
            switch reason {
            case ENOENT, ENOTDIR:
                throw refusal("document/missing", "there is no file '\(name)'", help: neighbour(of: path))
            case EACCES, EPERM:
                throw refusal("document/unreadable", "the file '\(name)' may not be read: permission denied")
            default:
                throw refusal("document/unreadable", "the file '\(name)' cannot be opened: \(words(reason))")
            }
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw refusal("document/unreadable", "the file '\(name)' cannot be read: \(words(errno))")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw refusal("document/directory", "'\(name)' is a folder, not a file")
        default: throw refusal("document/not-a-file", "'\(name)' is a device or pipe, not a file")
        }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw refusal(
                "document/too-large",
                "'\(name)' has \(byteCount(size)), more than the \(byteCount(limit)) that are read")
        }
        var bytes: [UInt8] = []
        while true {
            let capacity = max(size - bytes.count + 1, 16_384)
            var count = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
                repeat {
                    count = Self.readOnce(descriptor, buffer)
                } while count < 0 && errno == EINTR
                filled = max(count, 0)
            }
            guard count >= 0 else {
                throw refusal("document/unreadable", "the file '\(name)' cannot be read: \(words(errno))")
            }
            if count == 0 { return bytes }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            guard bytes.count <= limit else {
                throw refusal(
                    "document/too-large", "'\(name)' grew over the \(byteCount(limit)) that are read while it was read")
            }
        }
    }

    private static func readOnce(_ descriptor: CInt, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    private static func words(_ reason: CInt) -> String {
        strerror(reason).map { String(cString: $0).lowercased() } ?? "error \(reason)"
    }

    /// A file beside the missing one whose name is nearly the same.
    private static func neighbour(of path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty else { return nil }
        let folder = parts.dropLast().joined(separator: "/")
        // A folder that cannot be listed has no suggestion to make, whatever the reason.
        let place = parts.count == 1 ? "." : folder.isEmpty ? "/" : folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return suggestion(for: String(name), among: names.sorted()).map { "did you mean '\($0)'?" }
    }
}
