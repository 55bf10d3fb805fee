import Engine
import Foundation
import RunStorage
import TestSupport

/// What whole commands cost beside a store of many runs: the process, the opening of the store, the answer.
///
/// `store-bench ALMRUN [--runs 10000] [--rounds 11]`
@main
struct StoreBench {
    static func main() async {
        let arguments = CommandLine.arguments
        func number(_ name: String, _ standard: Int) -> Int {
            arguments.firstIndex(of: name).flatMap { Int(arguments[$0 + 1]) } ?? standard
        }
        guard arguments.count > 1, FileManager.default.isExecutableFile(atPath: arguments[1]) else {
            print("store-bench ALMRUN [--runs 10000] [--rounds 11]: ALMRUN is the built command")
            exit(2)
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "store-bench-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let runs = ManyRuns(count: number("--runs", 10_000))
            try await fill(folder + "/.almrun", with: runs)
            print("\(runs.count) runs                        ms   (median of \(number("--rounds", 11)) processes)")
            for command in [
                ["--version"], ["runs"], ["runs", "--status", "waiting"], ["show", "latest"],
                ["show", "release-20261121-000050"], ["inbox"], ["locks"],
            ] {
                let times = try (0..<number("--rounds", 11)).map { _ in try time(arguments[1], command, folder) }
                let name = command.joined(separator: " ").padding(toLength: 32, withPad: " ", startingAt: 0)
                print("\(name) \(String(format: "%6.1f", times.sorted()[times.count / 2]))")
            }
        } catch {
            print("store-bench: \(error)")
            exit(1)
        }
    }

    private static func fill(_ folder: String, with runs: ManyRuns) async throws {
        let store = try SQLiteRunStore(folder: folder)
        for number in 0..<runs.count {
            let batch = try runs.batch(number)
            try await store.append(batch, to: batch.summary.run)
        }
    }

    /// Milliseconds of one process; what it prints is thrown away.
    private static func time(_ program: String, _ command: [String], _ folder: String) throws -> Double {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = command
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging([
            "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@contoso.example",
        ]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let begin = ContinuousClock.now
        try process.run()
        process.waitUntilExit()
        let taken = ContinuousClock.now - begin
        return Double(taken.components.seconds) * 1000 + Double(taken.components.attoseconds) / 1e15
    }
}
