import Foundation

/// A temporary folder for one case.
struct WorkFolder {
    let path: String

    /// A copy of the given folder, or an empty one where there is none.
    init(copying files: String? = nil) throws {
        let place = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "almrun-\(UUID().uuidString)").path
        if let files, FileManager.default.fileExists(atPath: files) {
            try FileManager.default.copyItem(atPath: files, toPath: place)
        } else {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        }
        path = place
    }

    /// Writes a file, and makes its folder.
    func write(_ text: String, _ name: String) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The text with what differs from run to run made equal: this folder, run ids, times and durations.
    func masked(_ text: String) -> String {
        text.replacing(path, with: "<folder>")
            .replacing(/\d{8}-\d{6}-[0-9a-z]{4}/, with: "<id>")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/, with: "<time>")
            .replacing(/\b(\d+ min )?\d+(\.\d+)? ?(ms|s)\b/, with: "<duration>")
    }
}
