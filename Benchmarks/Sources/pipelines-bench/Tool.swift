import Foundation

/// A program that carries a graph out, from a file of its own that says the same as those of the others.
struct Tool {
    var name: String
    /// The command, run in the folder of the graph.
    var command: [String]
    /// The file, relative to the folder.
    var file: String
    var text: (Graph) -> String
    /// What is removed before each run, because it would make the run a second one.
    var leavings: [String] = []

    /// Every step starts the program `true`.
    static func almrun(_ path: String, _ name: String, effect: String) -> Tool {
        Tool(
            name: name, command: [path, "run", "bench"], file: "pipelines/bench.yaml",
            text: { graph in
                pipeline(graph) { _ in
                    "    uses: shell.run\n    with: { command: [\"true\"], effect: \(effect) }\n"
                }
            },
            leavings: [".almrun"])
    }

    static func ninja(jobs: Int) -> Tool {
        Tool(
            name: "ninja -j\(jobs), not durable", command: ["ninja", "-j\(jobs)"], file: "build.ninja",
            text: { graph in
                "rule nothing\n  command = true\n"
                    + graph.needs.enumerated().map { number, needs in
                        "build step-\(number): nothing \(needs.map { "step-\($0)" }.joined(separator: " "))\n"
                    }.joined()
            },
            leavings: [".ninja_log", ".ninja_deps"])
    }

    static func make(jobs: Int) -> Tool {
        Tool(
            name: "make -j\(jobs), not durable", command: ["make", "-j\(jobs)"], file: "Makefile",
            text: { graph in
                "all: \((0..<graph.count).map { "step-\($0)" }.joined(separator: " "))\n"
                    + graph.needs.enumerated().map { number, needs in
                        "step-\(number): \(needs.map { "step-\($0)" }.joined(separator: " "))\n\t@true\n"
                    }.joined()
            })
    }

    private static func pipeline(_ graph: Graph, _ stage: (Int) -> String) -> String {
        "description: Steps that do nothing.\nstages:\n"
            + graph.needs.enumerated().map { number, needs in
                let list = needs.map { "step-\($0)" }.joined(separator: ", ")
                return "  step-\(number):\n" + stage(number) + (needs.isEmpty ? "" : "    needs: [\(list)]\n")
            }.joined()
    }

    /// Whether the program can be found.
    var isPresent: Bool {
        let program = command[0]
        if program.contains("/") { return access(program, X_OK) == 0 }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    /// Writes the file into a folder.
    func prepare(_ graph: Graph, in folder: URL) throws {
        let file = folder.appending(path: file)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text(graph).utf8).write(to: file)
    }

    func clean(_ folder: URL) {
        for name in leavings { try? FileManager.default.removeItem(at: folder.appending(path: name)) }
    }
}
