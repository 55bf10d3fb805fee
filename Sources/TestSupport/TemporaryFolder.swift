import FoundationEssentials

/// A folder that is removed with everything in it when its last owner goes.
public final class TemporaryFolder: Sendable {
    public let path: String

    /// Makes a new folder among the system's temporary files.
    public init(_ name: String = "almrun-test") throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        path = place.path
    }

    deinit {
        // What cannot be removed stays among the temporary files; a test has nothing to say about it.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The full path of something in the folder.
    public func path(_ relative: String) -> String { path + "/" + relative }

    /// Writes a file, making the folders on its way, and gives its full path.
    @discardableResult
    public func write(_ text: String, to relative: String) throws -> String {
        try write(Array(text.utf8), to: relative)
    }

    /// Writes a file of bytes, making the folders on its way, and gives its full path.
    @discardableResult
    public func write(_ bytes: [UInt8], to relative: String) throws -> String {
        let place = URL(fileURLWithPath: path(relative))
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: place)
        return place.path
    }

    /// The text of a file in the folder.
    public func read(_ relative: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(relative))), as: UTF8.self)
    }

    /// Whether something of this name exists.
    public func exists(_ relative: String) -> Bool { FileManager.default.fileExists(atPath: path(relative)) }
}
