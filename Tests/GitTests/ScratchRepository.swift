import Foundation
import Testing

/// A git repository in a temporary folder that is removed with this value.
final class ScratchRepository {
    let path: String

    /// Makes an empty repository with an identity of its own.
    init(bare: Bool = false) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("almrun-git-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try git("init", "--quiet", "--initial-branch=main", bare ? "--bare" : "--no-bare")
        try git("config", "user.name", "Ada Tester")
        try git("config", "user.email", "ada@example.com")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func git(_ arguments: String..., environment: [String: String] = [:]) throws -> String {
        try git(arguments, environment: environment)
    }

    @discardableResult
    func git(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", path] + arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(["GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"]) { $1 }
            .merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "git \(arguments.joined(separator: " ")): \(text)")
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func write(_ text: String, to name: String) throws {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Commits everything; gives the commit's id.
    @discardableResult
    func commit(_ message: String, as author: String? = nil) throws -> String {
        try git("add", "--all")
        let environment =
            author.map { ["GIT_AUTHOR_EMAIL": $0, "GIT_AUTHOR_NAME": String($0.prefix { $0 != "@" })] } ?? [:]
        try git(["commit", "--quiet", "--allow-empty", "-m", message], environment: environment)
        return try git("rev-parse", "HEAD")
    }
}
