import Foundation
import TestSupport
import Testing

/// The `almrun` that was built beside the tests.
enum BuiltCommand {
    struct Result {
        var status: Int32
        var output: String
        var error: String

        /// The commands that it names to be typed next, other ways among them.
        var next: [String] {
            let marks = ["next: ", "or:   "]
            return output.split(separator: "\n").filter { line in marks.contains { line.hasPrefix($0) } }
                .map { String($0.dropFirst(6)) }
        }
    }

    /// Where the build put it: beside the test bundle.
    static let path: String = {
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "almrun").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.appending(path: ".build/debug/almrun").path
    }()

    static func run(_ arguments: [String], in folder: String, environment: [String: String] = [:]) throws -> Result {
        try start(path, arguments, in: folder, environment)
    }

    /// Runs a shell script in which `almrun` is the built command.
    static func shell(_ script: String, in folder: String, environment: [String: String] = [:]) throws -> Result {
        try start("/bin/bash", ["-c", "almrun() { \"$ALMRUN\" \"$@\"; }\n" + script], in: folder, environment)
    }

    private static func start(
        _ program: String, _ arguments: [String], in folder: String, _ environment: [String: String]
    ) throws -> Result {
        try #require(WaitingThreads.areUsed, "this suite needs the trait '.waits'")
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        var variables = [
            "PATH": "/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8", "NO_COLOR": "1", "ALMRUN": path,
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_AUTHOR_NAME": "Rana Developer", "GIT_AUTHOR_EMAIL": "rana@contoso.example",
            "GIT_COMMITTER_NAME": "Rana Developer", "GIT_COMMITTER_EMAIL": "rana@contoso.example",
            "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
            "LD_LIBRARY_PATH": ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "",
        ]
        variables.merge(environment) { $1 }
        process.environment = variables
        // Files and not pipes: a pipe that nobody empties while the process runs stops it.
        let outputFile = "\(folder)/.stdout-\(UUID().uuidString)"
        let errorFile = "\(folder)/.stderr-\(UUID().uuidString)"
        defer {
            try? FileManager.default.removeItem(atPath: outputFile)
            try? FileManager.default.removeItem(atPath: errorFile)
        }
        for file in [outputFile, errorFile] { try Data().write(to: URL(filePath: file)) }
        let output = try FileHandle(forWritingTo: URL(filePath: outputFile))
        let error = try FileHandle(forWritingTo: URL(filePath: errorFile))
        process.standardOutput = output
        process.standardError = error
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try output.close()
        try error.close()
        return Result(
            status: process.terminationStatus, output: try String(contentsOfFile: outputFile, encoding: .utf8),
            error: try String(contentsOfFile: errorFile, encoding: .utf8))
    }
}
