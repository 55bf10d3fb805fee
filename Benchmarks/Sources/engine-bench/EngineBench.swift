import Documents
import Engine
import Foundation
import Pipelines
import RunStorage

/// How long a run of steps that do nothing takes, with every event on the disk before the next one.
@main
struct EngineBench {
    static func main() async {
        let arguments = CommandLine.arguments
        let rounds = arguments.firstIndex(of: "--rounds").flatMap { Int(arguments[$0 + 1]) } ?? 5
        let width = arguments.firstIndex(of: "--width").flatMap { Int(arguments[$0 + 1]) } ?? 64
        do {
            print(
                "shape                 steps    wall ms    cpu ms   us/step   events  peak MB   (median of \(rounds))")
            try await measure("chain", Shapes.chain(1000), rounds: rounds, width: width)
            try await measure("layered 100x100x3", Shapes.layered(100, 100, edges: 3), rounds: rounds, width: width)
            try await measure(
                "layered, effects", Shapes.layered(100, 100, edges: 3, effect: .once), rounds: rounds, width: width)
            try await measure(
                "layered, reused", Shapes.layered(100, 100, edges: 3), rounds: rounds, width: width, reuses: true)
        } catch {
            print("engine-bench: \(error)")
            exit(1)
        }
    }

    private static func measure(
        _ name: String, _ plan: Plan, rounds: Int, width: Int, reuses: Bool = false
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "engine-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let only = CommandLine.arguments.firstIndex(of: "--only").map { CommandLine.arguments[$0 + 1] }
        guard only ?? name == name else { return }
        var times: [Double] = []
        var work: [Double] = []
        var events = 0
        for round in 0..<(rounds + (reuses ? 1 : 0)) {
            let begin = ContinuousClock.now
            let idle = processorTime
            let store = try SQLiteRunStore(folder: folder.path)
            var settings = RunnerSettings()
            settings.width = width
            let runner = Runner(store: store, settings: settings) { _ in Nothing(keeps: reuses) }
            let ending = try await runner.start(
                plan, RunRequest(run: RunID("r\(round)"), requester: "bench@example.com"))
            guard ending.status == .succeeded else { throw CocoaError(.featureUnsupported) }
            events = ending.state.sequence
            let taken = ContinuousClock.now - begin
            work.append(processorTime - idle)
            if !reuses || round > 0 {
                times.append(Double(taken.components.attoseconds) / 1e15 + Double(taken.components.seconds) * 1000)
            }
        }
        times.sort()
        work.sort()
        let median = times[times.count / 2]
        let line =
            name.padding(toLength: 20, withPad: " ", startingAt: 0) + column("\(plan.steps.count)", 7)
            + column(String(format: "%.1f", median), 11)
            + column(String(format: "%.1f", work[work.count / 2]), 10)
            + column(String(format: "%.1f", median * 1000 / Double(plan.steps.count)), 10) + column("\(events)", 9)
            + column(String(format: "%.1f", peakMemory), 9)
        print(line)
    }

    /// Milliseconds that processors have worked for this process.
    private static var processorTime: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        return Double(seconds) * 1000 + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000
    }

    private static func column(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// The most memory that this process ever had, in MB.
    private static var peakMemory: Double {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            return (Double(line.filter(\.isNumber)) ?? 0) * 1024 / 1_000_000
        }
        return 0
    }
}
