import Documents
public import Engine
import Foundation
import Linting
import Pipelines

/// Judges a definition by a ruleset.
public struct OpenAPILint: Stage {
    /// The least severity at which the stage says no.
    public enum Failing: String, Sendable, Codable, CaseIterable {
        case error, warning, information, hint, never

        var severity: Severity? { Severity(rawValue: rawValue) }
    }

    public struct Input: Decodable, Sendable {
        public var document: String
        public var ruleset: String?
        public var failOn: Failing?
        public var baseline: String?
    }

    public struct Output: Codable, Sendable {
        public var findings: Int
        public var errors: Int
        public var warnings: Int
        public var information: Int
        public var hints: Int
        public var accepted: Int
        public var rules: Int
        public var report: String?
    }

    private static let shownFindings = 200

    public init() {}

    public func run(_ input: Input, in context: StageContext) async throws -> Output {
        let linter = Linter(ruleset: try Self.ruleset(input.ruleset, context))
        let baseline = try Self.baseline(input.baseline, context)
        let path = try context.path(input.document)
        let report = try Self.lint(path, shownAs: input.document, linter, baseline, context)
        for warning in linter.ruleset.warnings { context.emit(.finding(Finding(warning))) }
        Self.show(report, context)
        let kept = try context.objects.put(Data(Self.json(report, input.document).json(pretty: true).utf8))
        if let limit = (input.failOn ?? .error).severity, report.hasFindings(atLeast: limit) {
            let telling = report.findings.filter { $0.severity >= limit }
            throw StageFailure(
                .rejected, "lint/findings", "'\(input.document)' has \(Self.counts(report))",
                notes: ["the report is object \(kept)", "`almrun explain CODE` says what a rule wants"],
                findings: telling)
        }
        return Output(
            findings: report.findings.count, errors: report.count(of: .error), warnings: report.count(of: .warning),
            information: report.count(of: .information), hints: report.count(of: .hint),
            accepted: report.acceptedCount, rules: report.ruleCount, report: kept)
    }

    /// What lies beside the definition (apiProperties.json, a script) is judged with it, and a ruleset extends others.
    public static func companions(of input: Input, root: String) throws -> [String] {
        let top = try RepositoryPath.resolve(".", in: root)
        // Beside the definition itself, where its path is that of a link.
        let folder = folder(of: try RepositoryPath.resolve(input.document, in: root))
        let prefix = folder == top ? "" : folder.dropFirst(top.hasSuffix("/") ? top.count : top.count + 1) + "/"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let beside = names.filter(ConnectorFiles.isOne).map { "\(prefix)\($0)" }
        guard let ruleset = input.ruleset else { return beside.sorted() }
        let document = try Document(path: try RepositoryPath.resolve(ruleset, in: root), file: ruleset)
        let files = try Ruleset(document, at: ruleset) { file throws(Rejected) in
            try extended(file) { try RepositoryPath.resolve($0, in: root) }
        }.files
        return (beside + files).sorted()
    }

    // MARK: Reading

    private static func folder(of document: String) -> String { (document as NSString).deletingLastPathComponent }

    /// A ruleset that another one extends.
    private static func extended(
        _ file: String, _ place: (String) throws -> String
    ) throws(Rejected) -> Document {
        do {
            return try Document(path: try place(file), file: file)
        } catch let error as Rejected {
            throw error
        } catch {
            throw Rejected(Diagnostic("ruleset/outside", "'\(file)' is not in the repository"))
        }
    }

    private static func ruleset(_ path: String?, _ context: StageContext) throws -> Ruleset {
        guard let path else { return .standard }
        // What a ruleset extends is found beside it, and must not lie outside the repository either.
        let document = try read(path, context)
        var extended: [Document] = []
        let ruleset: Ruleset
        do throws(Rejected) {
            ruleset = try Ruleset(document, at: path) { file throws(Rejected) in
                let document = try Self.extended(file) { try context.path($0) }
                extended.append(document)
                return document
            }
        } catch {
            throw failure("lint/ruleset", "ruleset '\(path)' cannot be used", error)
        }
        for document in extended { try context.examine(document) }
        return ruleset
    }

    private static func baseline(_ path: String?, _ context: StageContext) throws -> Baseline {
        guard let path else { return Baseline() }
        let document = try read(path, context)
        do throws(Rejected) {
            return try Baseline(document)
        } catch {
            throw failure("lint/baseline", "baseline '\(path)' cannot be used", error)
        }
    }

    private static func read(_ path: String, _ context: StageContext) throws -> Document {
        do {
            return try context.document(path)
        } catch let error as Rejected {
            throw failure("lint/unreadable", "'\(path)' cannot be read", error)
        }
    }

    private static func lint(
        _ path: String, shownAs name: String, _ linter: Linter, _ baseline: Baseline, _ context: StageContext
    ) throws -> LintReport {
        let reading = Document.read(path: path, file: name)
        let errors = reading.diagnostics.filter { $0.severity == .error }
        if errors.isEmpty, let document = reading.document {
            try context.examine(document)
            let connector = ConnectorFiles(beside: path, shownAs: name)
            try context.examine(
                ReadFiles(
                    name, contents: connector.contents, isDeep: false, isBeside: true,
                    overlooks: { !ConnectorFiles.isOne($0) }))
            return linter.lint(document, connector: connector, baseline: baseline)
        }
        let absences = ["document/missing", "document/directory", "document/not-a-file", "document/unreadable"]
        let isThere = !errors.contains { absences.contains($0.code) }
        let findings = errors.map { Finding($0) }
        for finding in findings.prefix(shownFindings) { context.emit(.finding(finding)) }
        throw StageFailure(
            isThere ? .rejected : .broken, isThere ? "lint/malformed" : "lint/unreadable",
            "'\(name)' cannot be read: \(errors.first?.message ?? "no document is in it")", findings: findings)
    }

    private static func failure(_ code: String, _ message: String, _ error: Rejected) -> StageFailure {
        let first = error.diagnostics.first.map { ": \($0.message)" } ?? ""
        return StageFailure(.broken, code, message + first, findings: error.diagnostics.map { Finding($0) })
    }

    // MARK: Telling

    private static func show(_ report: LintReport, _ context: StageContext) {
        let telling = report.findings.filter { $0.severity >= .information }
        for finding in telling.prefix(shownFindings) { context.emit(.finding(finding)) }
        let rest = report.findings.count - min(telling.count, shownFindings)
        if rest > 0 { context.log("\(rest) more finding\(rest == 1 ? " is" : "s are") in the report") }
        let accepted = report.acceptedCount == 0 ? "" : ", \(report.acceptedCount) accepted by the baseline"
        context.log("\(counts(report)) by \(report.ruleCount) rules\(accepted)")
    }

    /// Such as `2 errors, 1 warning`.
    static func counts(_ report: LintReport) -> String {
        let words: [(Severity, String)] = [
            (.error, "error"), (.warning, "warning"), (.information, "remark"), (.hint, "hint"),
        ]
        let parts = words.compactMap { severity, word -> String? in
            let count = report.count(of: severity)
            return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
        }
        return parts.isEmpty ? "no findings" : parts.joined(separator: ", ")
    }

    private static func json(_ report: LintReport, _ document: String) throws -> Value {
        [
            "document": .string(document), "rules": .integer(report.ruleCount),
            "accepted": .integer(report.acceptedCount),
            "counts": [
                "error": .integer(report.count(of: .error)), "warning": .integer(report.count(of: .warning)),
                "information": .integer(report.count(of: .information)), "hint": .integer(report.count(of: .hint)),
            ],
            "findings": try ValueEncoder().encode(report.findings),
        ]
    }
}
