import Documents
public import Foundation
import Synchronization

/// Files that are whole or absent, whatever instant the machine stops at.
public enum DurableFile {
    /// Writes to a temporary name in the same folder, syncs, renames, and syncs the folder.
    public static func write(_ content: Data, to path: String) throws(StageFailure) {
        guard mayReplace(path) else {
            throw StageFailure(.broken, "file/special", "'\(path)' is no regular file, and would be replaced by one")
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let made = try makeFolder(folder)
        do throws(StageFailure) {
            try replace(path, by: content, in: folder)
        } catch {
            remove(made)
            throw error
        }
    }

    private static func replace(_ path: String, by content: Data, in folder: String) throws(StageFailure) {
        confirm(folder)
        var template = Array(TemporaryName.template(for: path).utf8CString)
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
        sync(folder)
    }

    /// Whether a file can take that name: it is free, or a regular file has it; not a device, a pipe, a link or a folder.
    public static func mayReplace(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    }

    /// Folders whose names this process knows to be on the disk.
    private static let named = Mutex<Set<String>>([])

    /// Sees that the name of a file that is there already is on the disk: whoever wrote it may have died before that.
    public static func settle(_ path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        confirm(folder)
        sync(folder)
    }

    /// Sees once that the names of a folder and of those above it are on the disk: another process may have made them and died.
    private static func confirm(_ folder: String) {
        var place = folder
        while !place.isEmpty, !named.withLock({ $0.contains(place) }) {
            let above = String(place[..<(place.lastIndex(of: "/") ?? place.startIndex)])
            sync(above)
            _ = named.withLock { $0.insert(place) }
            place = above
        }
    }

    /// Makes a folder and those above it; a new one is on the disk by its name too. Gives the new ones, the uppermost first.
    @discardableResult
    public static func makeFolder(_ folder: String) throws(StageFailure) -> [String] {
        var missing: [String] = []
        var place = folder
        while !place.isEmpty, access(place, F_OK) != 0 {
            missing.append(place)
            place = String(place[..<(place.lastIndex(of: "/") ?? place.startIndex)])
        }
        var made: [String] = []
        for path in missing.reversed() {
            if mkdir(path, 0o777) == 0 {
                made.append(path)
            } else if errno != EEXIST {
                // Another process may have been faster; anything else is in the way.
                let number = errno
                remove(made)
                throw failure("cannot make the folder '\(path)'", number)
            }
            sync(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        }
        return made
    }

    /// Takes back folders that were made for a file that cannot be written, unless others have put something into them.
    private static func remove(_ made: [String]) {
        for path in made.reversed() where rmdir(path) == 0 { _ = named.withLock { $0.remove(path) } }
    }

    /// Makes the names in a folder durable; file systems that cannot do it have nothing to offer instead.
    private static func sync(_ folder: String) {
        let handle = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
        guard handle >= 0 else { return }
        fsync(handle)
        close(handle)
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
