import Foundation

/// A file system of its own that really gets full, and is enlarged afterwards.
struct FullDiskRow: Row {
    let name = "disk-real"
    let meaning = "a small tmpfs that gets full, enlarged afterwards"

    func hindrance(_ laboratory: Laboratory) -> String? {
        let place = "\(laboratory.folder)/mount"
        try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        do {
            try Shell.run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", place])
            try Shell.run("umount", [place])
            return nil
        } catch {
            return "mounting a tmpfs needs root"
        }
    }

    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String] {
        (0..<60).map { _ in
            "\(Int.random(in: 0..<Laboratory.sequence.count, using: &random)):\(Int.random(in: 0..<150, using: &random))"
        }
    }

    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws {
        let parts = point.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2 else { throw Problem("'\(point)' is no point") }
        let trial = try trial(parts[0])
        // Enlarged it is still small.
        trial.isKnownToDoctor = ["disk"]
        try trial.mount(free: parts[1])
        let result = try trial.almrun(Laboratory.sequence[parts[0]])
        trial.expectGraceful(result)
        try trial.enlarge()
        trial.failuresAllowed = 2
        try trial.carryOn()
        trial.judge()
    }
}

extension Trial {
    /// Puts what the commands can change on a file system that has so many free pages left.
    func mount(free pages: Int) throws {
        let station = "\(folder)/before"
        try FileManager.default.moveItem(atPath: space, toPath: station)
        try FileManager.default.createDirectory(atPath: space, withIntermediateDirectories: true)
        try Shell.run("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", space])
        isMounted = true
        try Shell.run("cp", ["-a", "\(station)/.", space])
        var status = statvfs()
        guard statvfs(space, &status) == 0 else { throw Problem("statvfs fails") }
        let used = Int(status.f_blocks - status.f_bfree) * Int(status.f_frsize)
        try Shell.run("mount", ["-o", "remount,size=\(used + pages * 4096)", space])
    }

    func enlarge() throws { try Shell.run("mount", ["-o", "remount,size=64m", space]) }
}
