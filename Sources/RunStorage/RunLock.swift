import Documents
import Engine
import Foundation

/// The right to work on a run, as a file lock that the kernel drops when its process dies.
struct RunLock: Sendable {
    /// Absolute path of the folder of lock files.
    let folder: String
    /// Those that were taken here.
    private let held = HeldRuns()

    init(folder: String) { self.folder = folder }

    /// Nil for a name that almrun never gave a run: it could lead elsewhere.
    private func path(_ run: RunID) -> String? { run.isPlain ? "\(folder)/\(run).lock" : nil }

    /// Takes the right; fails when another process, or another hold of this one, has it.
    func take(_ run: RunID) throws(RunStoreError) -> RunHold {
        guard let path = path(run) else {
            throw .damaged("no run is called '\(run)': `almrun doctor` looks what can be mended")
        }
        // Others may look at the file for a moment.
        for attempt in 0..<20 {
            let descriptor: Int32
            do throws(RegularFile.Failure) {
                descriptor = try RegularFile.lockFile(path)
            } catch {
                throw error == .notRegular
                    ? Self.unusable(path, error.systemText) : .unavailable("cannot make '\(path)': \(error.systemText)")
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                if attempt > 2, let holder = Self.read(path), holder.process != 0 { throw .busy(run, holder) }
                usleep(10_000)
                continue
            }
            guard let place = FilePlace(path, descriptor: descriptor), (try? place.isInPlace) == true else {
                close(descriptor)
                continue
            }
            guard !RegularFile.hasOtherName(descriptor) else {
                close(descriptor)
                throw Self.unusable(path, "it has another name (hard link)")
            }
            Self.write(descriptor)
            return held.keep(run, OnceReleased(descriptor: descriptor, path: path, place: place))
        }
        throw .busy(run, Self.read(path))
    }

    private static func unusable(_ path: String, _ reason: String) -> RunStoreError {
        .unavailable("cannot use the lock '\(path)': \(reason); `almrun doctor --repair` removes what nobody holds")
    }

    /// Removes the lock of a run that no process has, also one that nobody could take: a link, or a file with another name.
    ///
    /// - Returns: Whether nothing is left of it, or another process has it by now.
    func clear(_ run: RunID) -> Bool {
        guard let path = path(run) else { return false }
        if let hold = try? take(run) {
            hold.release()
        } else if Self.isLink(path) {
            unlink(path)
        } else if let descriptor = try? RegularFile.lockFile(path) {
            defer { close(descriptor) }
            let isFree = flock(descriptor, LOCK_EX | LOCK_NB) == 0
            // The other name keeps what is in it.
            if isFree, (try? FilePlace(path, descriptor: descriptor)?.isInPlace) == true { unlink(path) }
        }
        var status = stat()
        return lstat(path, &status) != 0 || holder(of: run) != nil
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Refuses to go on with a run of which this process has lost the right, as its file was removed.
    func check(_ run: RunID) throws(RunStoreError) { try held.check(run) }

    /// Who works on a run now; also where that cannot be told, as when the file is another user's.
    func holder(of run: RunID) -> RunHold.Holder? {
        guard let path = path(run) else { return nil }
        // A lock is no pipe; without O_NONBLOCK one would be waited for.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        let number = errno
        // Only a file that is not there says that nobody has it, or a link, through which nobody takes it.
        guard descriptor >= 0 else {
            return [ENOENT, ENOTDIR].contains(number) || Self.isLink(path) ? nil : Self.unknown(path, number)
        }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        guard errno == EWOULDBLOCK else { return Self.unknown(path, errno) }
        // Its text may be missing; that somebody has the right is certain.
        return Self.read(path) ?? RunHold.Holder(process: 0, host: "unknown", since: Date())
    }

    private static func unknown(_ path: String, _ number: Int32) -> RunHold.Holder {
        RunHold.Holder(obstacle: "its lock '\(path)' cannot be read: \(String(cString: strerror(number)))")
    }

    /// The runs that a process works on now, or may, by name.
    var workedOn: [RunID] {
        // Without the folder nobody works.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".lock") }.map { RunID(String($0.dropLast(5))) }
            .filter { holder(of: $0) != nil }.sorted()
    }

    private static func write(_ descriptor: Int32) {
        let process = ProcessInfo.processInfo
        let holder = RunHold.Holder(
            process: Int(process.processIdentifier), host: process.hostName, since: Date())
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        // The text is for people; the lock holds without it.
        guard let data = try? encoder.encode(holder), ftruncate(descriptor, 0) == 0 else { return }
        _ = data.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private static func read(_ path: String) -> RunHold.Holder? {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        // Without a readable text it is not known who holds the lock, only that somebody does.
        guard let data = try? RegularFile.contents(of: path) else { return nil }
        return try? decoder.decode(RunHold.Holder.self, from: data)
    }
}
