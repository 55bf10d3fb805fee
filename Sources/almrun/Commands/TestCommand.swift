import ArgumentParser
import Documents
import Engine
import Foundation
import Harness
import OpenAPI
import Stages

/// Tests a connector at a desk, as `connector.test` does in a pipeline.
struct TestCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv, junit }
    enum Generated: String, ExpressibleByArgument, CaseIterable { case none, positive, all }

    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Call every action of a connector and judge the answers by its definition.",
        discussion: """
            Generated calls create, change and delete: point it at a test environment. Exits 1 when a threshold is broken.

            Example: almrun test apiDefinition.swagger.json --cases tests --threshold readP95=750ms
            """)

    @Argument(help: "The connector's OpenAPI document.")
    var document: String

    @Option(help: "A file or folder of hand-written cases, JSON or YAML.")
    var cases: String?

    @Option(help: "The base address of the service, or mock, which serves the document itself.")
    var backend: String = "mock"

    @Option(help: "How to print the result: text, json, csv or junit.")
    var format: Format = .text

    @Option(help: "Cases to make from the document: none, positive or all.")
    var generate: Generated = .all

    @Option(
        name: .customLong("threshold"), help: "A limit such as success=99%, coverage=95%, readP95=750ms; repeatable.")
    var thresholds: [String] = []

    @Option(
        name: .customLong("header"),
        help: "A header of every call, such as 'X-Api-Key: $KEY': $NAME takes a variable of the process; repeatable.")
    var headers: [String] = []

    @Option(name: .customLong("repeat"), help: "How often a case that must succeed is called, for latency.")
    var repeats: Int = 1

    @Option(help: "How many calls may be under way at once.")
    var concurrency: Int = 4

    @Option(help: "The time after which a call counts as unanswered.")
    var timeout: String = "30s"

    func validate() throws {
        _ = try options()
        guard case .url(let address) = HarnessBackend(backend) else { return }
        do throws(BackendAddress.Problem) {
            _ = try BackendAddress(address)
        } catch {
            throw ValidationError("--backend: \(error.message)")
        }
    }

    func run() async throws {
        let definition = try APIDefinition(Document(path: document))
        let written = try cases.map { try CaseReader.read(path: $0, for: definition) }
        let run = HarnessRun(
            definition, cases: written ?? [], backend: HarnessBackend(backend), options: try options())
        let isLive = Console.isLive && format == .text
        let report: HarnessReport
        do {
            report = try await run.run { progress in
                if isLive { Console.writeError("\r\(progress.done) of \(progress.total) cases") }
            }
            if isLive { Console.writeError("\r\u{1B}[K") }
        } catch let unreachable as BackendUnreachable {
            throw StageFailure(.transient, "test/backend-unreachable", unreachable.description)
        } catch let failure as MockServer.Failure {
            throw StageFailure(.transient, "test/mock", failure.description)
        }
        switch format {
        case .text: Console.print(report.text)
        case .json: Console.print(try report.json())
        case .csv: Console.print(report.csv)
        case .junit: Console.print(report.junit)
        }
        if !report.passed { throw ExitCode(ExitStatus.rejected) }
    }

    private func options() throws -> HarnessOptions {
        var options = HarnessOptions()
        options.generate = CaseGenerator.Scope(rawValue: generate.rawValue) ?? .all
        guard repeats > 0, (1...64).contains(concurrency) else {
            throw ValidationError("--repeat is at least 1, --concurrency from 1 to 64")
        }
        options.repeats = repeats
        options.concurrency = concurrency
        guard let seconds = LatencyText.seconds(timeout), seconds > 0 else {
            throw ValidationError("--timeout is '\(timeout)', not a time such as 30s")
        }
        options.timeout = seconds
        do {
            options.thresholds = try Thresholds(texts: thresholds.map { Self.split($0, at: "=") })
        } catch {
            throw ValidationError(error.message)
        }
        guard let credentials = Credentials(checking: try headers.map(Self.header)) else {
            throw ValidationError("--header is not a name and a one-line text")
        }
        options.credentials = credentials
        return options
    }

    /// A header with `$NAME` replaced, so that no secret has to stand in a command line.
    private static func header(_ text: String) throws -> (name: String, value: String) {
        guard text.contains(":") else { throw ValidationError("--header: a header is 'Name: value'") }
        var (name, value) = split(text, at: ":")
        if let dollar = value.firstIndex(of: "$") {
            let variable = String(value[value.index(after: dollar)...])
            guard let secret = ProcessInfo.processInfo.environment[variable], !secret.isEmpty else {
                throw ValidationError("--header: the variable '\(variable)' is not set")
            }
            value = value[..<dollar] + secret
        }
        return (name, value)
    }

    private static func split(_ text: String, at separator: Character) -> (name: String, text: String) {
        let parts = text.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        return (parts[0].trimmingCharacters(in: .whitespaces), value)
    }
}
