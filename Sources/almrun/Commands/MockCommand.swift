import ArgumentParser
import Documents
import Engine
import Harness
import OpenAPI
import UnixSignals

/// Serves a connector's definition until it is interrupted.
struct MockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mock", abstract: "Serve the examples and schemas of a connector's document on this machine.",
        discussion: """
            Prints its address, to which the paths of the actions are appended, and one line a call to standard error. \
            Requests are checked as the document says; a header \
            'Prefer: code=404' asks for another documented answer. Ends with Control-C.

            Example: almrun mock apiDefinition.swagger.json --port 8080
            """)

    @Argument(help: "The connector's OpenAPI document.")
    var document: String

    @Option(help: "The port; 0 takes a free one.")
    var port: Int = 0

    @Option(help: "Time by which every answer is held back, such as 200ms.")
    var latency: String = "0ms"

    @Option(help: "Answer every so many calls 429 with Retry-After.")
    var throttleEvery: Int?

    @Option(help: "Answer every so many calls 500.")
    var failEvery: Int?

    @Flag(help: "Answer calls without credentials too.")
    var anonymous = false

    @Flag(help: "Say nothing about calls.")
    var quiet = false

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is from 0 to 65535, not \(port)") }
        _ = try delay()
        for (name, every) in [("--throttle-every", throttleEvery), ("--fail-every", failEvery)] {
            if let every, every < 1 { throw ValidationError("\(name) is at least 1, not \(every)") }
        }
    }

    private func delay() throws -> Double {
        guard let seconds = LatencyText.seconds(latency) else {
            throw ValidationError("--latency is '\(latency)', not a time such as 200ms")
        }
        return seconds
    }

    func run() async throws {
        let definition = try APIDefinition(Document(path: document))
        var options = MockOptions()
        options.port = port
        options.latency = try delay()
        options.throttleEvery = throttleEvery
        options.failEvery = failEvery
        options.demandsCredentials = !anonymous
        if !quiet { options.log = { Console.error($0.description) } }
        try await serve(MockServer(definition, options: options))
    }

    private func serve(_ server: MockServer) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [quiet] in
                    try await server.run {
                        Console.print($0)
                        if !quiet { Console.error("append the path of an action to this address") }
                    }
                }
                group.addTask { for await _ in signals { return } }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch let failure as MockServer.Failure {
            throw StageFailure(.broken, "mock/port", failure.description)
        }
    }
}
