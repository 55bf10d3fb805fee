import Foundation

/// How long whole processes take for the same steps that do nothing: almrun, which keeps what happened, and ninja and make, which do not.
///
/// Usage: pipelines-bench ALMRUN [--rounds N] [--only WORD]
@main
struct PipelinesBench {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else {
            print("usage: pipelines-bench ALMRUN [--rounds N] [--only WORD]")
            exit(2)
        }
        let almrun = URL(filePath: arguments[1]).standardizedFileURL.path
        let rounds = arguments.firstIndex(of: "--rounds").flatMap { Int(arguments[$0 + 1]) } ?? 5
        let only = arguments.firstIndex(of: "--only").map { arguments[$0 + 1] }
        let jobs = ProcessInfo.processInfo.activeProcessorCount
        do {
            for graph in [Graph.chain(1000), .layered(100, 100, edges: 3)] where only.map(graph.name.contains) ?? true {
                try compare(
                    [
                        .almrun(almrun, "almrun, shell.run, effect once", effect: "once"),
                        .almrun(almrun, "almrun, shell.run, effect none", effect: "none"),
                        .ninja(jobs: jobs), .make(jobs: jobs),
                    ], graph, rounds: rounds)
            }
        } catch {
            print("pipelines-bench: \(error)")
            exit(1)
        }
    }

    /// Runs the tools in turn, so that what else the machine does falls on all of them alike.
    private static func compare(_ tools: [Tool], _ graph: Graph, rounds: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pipelines-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let variables = [
            "GIT_AUTHOR_NAME": "Bench", "GIT_AUTHOR_EMAIL": "bench@example.com", "HOME": folder.path,
        ]
        var taken = [[ChildProcess]](repeating: [], count: tools.count)
        for (number, tool) in tools.enumerated() where tool.isPresent {
            let place = folder.appending(path: "\(number)")
            try tool.prepare(graph, in: place)
        }
        for _ in 0..<rounds {
            for (number, tool) in tools.enumerated() where tool.isPresent {
                let place = folder.appending(path: "\(number)")
                tool.clean(place)
                let run = try ChildProcess.run(tool.command, in: place.path, variables)
                guard run.status == 0 else { throw Failure(tool: tool.name, status: run.status) }
                taken[number].append(run)
            }
        }
        print("\(graph.name) (\(graph.count) steps, medians of \(rounds) runs of each in turn)")
        print(
            "  \(left("tool", 36))\(right("wall ms", 10))\(right("from-to", 14))\(right("cpu ms", 10))\(right("peak MiB", 10))"
        )
        for (tool, runs) in zip(tools, taken) {
            guard !runs.isEmpty else {
                print("  \(left(tool.name, 36))    absent")
                continue
            }
            let wall = runs.map(\.milliseconds).sorted()
            print(
                "  \(left(tool.name, 36))\(right(number(wall[wall.count / 2]), 10))"
                    + right("\(number(wall[0]))-\(number(wall[wall.count - 1]))", 14)
                    + right(number(median(runs.map(\.processorMilliseconds))), 10)
                    + right(number(median(runs.map(\.peak))), 10))
        }
    }

    private struct Failure: Error, CustomStringConvertible {
        var tool: String
        var status: Int32
        var description: String { "\(tool) ended with status \(status)" }
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func number(_ value: Double) -> String { String(format: "%.0f", value) }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
