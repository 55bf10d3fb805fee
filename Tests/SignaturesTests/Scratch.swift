import Foundation

/// A temporary folder, and the tools of OpenSSH at work in it.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        // Short, since the path of a socket may not be long.
        folder = FileManager.default.temporaryDirectory.appending(path: "sig-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Whether the tool is installed.
    static func has(_ tool: String) -> Bool { path(of: tool) != nil }

    static func path(of tool: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    /// Writes a file that nobody else may read, as OpenSSH wants keys to be.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name))
        return path(name)
    }

    /// Runs a tool to its end.
    func run(
        _ tool: String, _ arguments: String..., input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String) {
        try run(tool, arguments: arguments, input: input, environment: environment)
    }

    func run(
        _ tool: String, arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: Self.path(of: tool) ?? "/usr/bin/\(tool)")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let given = Pipe()
        let output = Pipe()
        process.standardInput = given
        process.standardOutput = output
        process.standardError = output
        try process.run()
        given.fileHandleForWriting.write(Data(input))
        try given.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
