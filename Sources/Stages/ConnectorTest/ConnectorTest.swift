import Documents
public import Engine
import Foundation
public import Harness
import OpenAPI
import Pipelines

/// Calls every action of a connector at the environment's backend and judges the answers by the definition.
public struct ConnectorTest: Stage {
    public struct Input: Decodable, Sendable {
        public var document: String
        public var cases: String?
        public var generate: CaseGenerator.Scope?
        public var thresholds: [String: String]?
        public var headers: [String: String]?
        public var `repeat`: Int?
        public var concurrency: Int?
        public var timeout: String?
    }

    public struct Output: Codable, Sendable {
        /// A share from 0 to 1.
        public var success: Double
        /// A share from 0 to 1.
        public var coverage: Double
        /// Milliseconds; absent where nothing was read.
        public var readP95: Double?
        /// Milliseconds; absent where nothing was written.
        public var writeP95: Double?
        public var cases: Int
        public var failed: Int
        public var report: String
        public var csv: String
    }

    public init() {}

    public func run(_ input: Input, in context: StageContext) async throws -> Output {
        let definition = try APIDefinition(context.document(input.document))
        let cases = try input.cases.map { try Self.cases($0, for: definition, context) }
        let run = HarnessRun(
            definition, cases: cases ?? [], backend: try backend(context), options: try options(input, context))
        let report: HarnessReport
        do {
            report = try await run.run { progress in
                let share = Double(progress.done) / Double(max(1, progress.total))
                context.emit(.progress("\(progress.done) of \(progress.total) cases", share))
                Self.tell(progress.last, context)
            }
        } catch let unreachable as BackendUnreachable {
            throw StageFailure(
                unreachable.isAddressWrong ? .broken : .transient, "test/backend-unreachable", unreachable.description,
                notes: ["the address is 'backend' in environments/\(context.environment?.name ?? "?").yaml"])
        } catch let failure as MockServer.Failure {
            throw StageFailure(.transient, "test/mock", failure.description)
        }
        let digest = try context.objects.put(Data(context.secrets.mask(report.json()).utf8))
        let csv = try context.objects.put(Data(context.secrets.mask(report.csv).utf8))
        for line in report.figures { context.log(line) }
        try Self.check(report, notes: ["the whole report is object \(digest)"])
        return Output(
            success: report.success ?? 0, coverage: report.coverage ?? 0,
            readP95: report.reads.map { Self.milliseconds($0.p95) },
            writeP95: report.writes.map { Self.milliseconds($0.p95) },
            cases: report.cases.count, failed: report.count(.failed), report: digest, csv: csv)
    }

    /// Throws where the answer is no; `almrun test` asks the same.
    public static func check(_ report: HarnessReport, notes: [String] = []) throws(StageFailure) {
        guard !report.passed else { return }
        let failures = report.failures.prefix(10).map { result in
            "\(result.name): \(result.violations.first?.message ?? "failed")"
        }
        let hidden = report.failures.count - failures.count
        let more = hidden > 0 ? ["\(hidden) more cases failed"] : []
        let findings = report.failures.flatMap(findings)
        guard report.calls > 0 else {
            throw StageFailure(
                .rejected, "test/nothing-tested", "no case was run", notes: report.notes + notes)
        }
        let broken = report.brokenThresholds.map(\.description).joined(separator: "; ")
        if let wait = report.retryAfter {
            throw StageFailure(
                .transient, "test/throttled",
                "every call that failed was answered with the wish to come again, at the latest after "
                    + "\(DurationText.text(wait.rounded(.up))): \(broken)",
                notes: failures + more + report.notes + notes, findings: findings, retryAfter: wait)
        }
        throw StageFailure(
            .rejected, "test/thresholds", broken, notes: failures + more + report.notes + notes, findings: findings)
    }

    private static func cases(
        _ path: String, for definition: APIDefinition, _ context: StageContext
    ) throws -> [TestCase] {
        let read = try CaseReader.documents(path: context.path(path), shownAs: path)
        // One that cannot be read is named as such.
        if read.problems.isEmpty {
            let contents = read.documents.map { document in
                let name = document.source.name
                return (name == path ? "" : String(name.dropFirst(path.count + 1)), document.source.bytes)
            }
            try context.examine(
                ReadFiles(
                    path, contents: Dictionary(contents) { first, _ in first },
                    overlooks: { !CaseReader.isOne($0) }))
        }
        return try CaseReader.read(read.documents, for: definition, besides: read.problems)
    }

    private func backend(_ context: StageContext) throws(StageFailure) -> HarnessBackend {
        guard let environment = context.environment else {
            throw StageFailure(.broken, "test/no-environment", "step '\(context.step.id)' names no environment")
        }
        switch environment.backend {
        case .mock: return .mock(MockOptions())
        case .url(let address): return .url(try context.reveal(address))
        case nil:
            throw StageFailure(
                .broken, "test/no-backend", "environment '\(environment.name)' says no backend to test against",
                notes: ["add 'backend: https://...' or 'backend: mock' to environments/\(environment.name).yaml"])
        }
    }

    private func options(_ input: Input, _ context: StageContext) throws(StageFailure) -> HarnessOptions {
        var options = HarnessOptions()
        options.generate = input.generate ?? .all
        options.repeats = max(1, input.repeat ?? 1)
        options.concurrency = max(1, min(64, input.concurrency ?? 4))
        if let timeout = input.timeout {
            guard let seconds = DurationText.seconds(timeout), seconds > 0 else {
                throw StageFailure(.broken, "test/timeout", "'timeout' is '\(timeout)', not a time such as 30s")
            }
            options.timeout = seconds
        }
        do throws(Thresholds.Problem) {
            let texts = (input.thresholds ?? [:]).sorted { $0.key < $1.key }
            options.thresholds = try Thresholds(texts: texts.map { ($0.key, $0.value) })
        } catch {
            throw StageFailure(.broken, "test/threshold", error.message)
        }
        var headers: [(name: String, value: String)] = []
        for (name, value) in (input.headers ?? [:]).sorted(by: { $0.key < $1.key }) {
            headers.append((name, try context.reveal(value, at: "headers", name)))
        }
        guard let credentials = Credentials(checking: headers) else {
            throw StageFailure(.broken, "test/header", "a header in 'headers' is not a name and a one-line text")
        }
        options.credentials = credentials
        return options
    }

    private static func tell(_ result: CaseResult, _ context: StageContext) {
        switch result.outcome {
        case .failed: for finding in findings(result) { context.emit(.finding(finding)) }
        case .skipped: context.log("skipped \(result.name): \(result.reason ?? "")")
        case .passed: break
        }
    }

    private static func findings(_ result: CaseResult) -> [Finding] {
        result.violations.map { violation in
            var finding = Finding(
                code: "test/\(violation.kind.rawValue)", severity: .error,
                message: "\(result.name): \(violation.message)", pointer: nil,
                help: "\(result.method) \(result.path)")
            finding.file = result.file
            finding.line = result.line
            return finding
        }
    }

    private static func milliseconds(_ seconds: Double) -> Double { (seconds * 10_000).rounded() / 10 }
}
