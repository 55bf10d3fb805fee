public import Comparison
import Documents
public import Engine
import Environments
import OpenAPI

import struct Foundation.Data

/// Says what changed in a definition since its last release, and whether the version makes room for it.
public struct OpenAPIDiff: Stage {
    /// When the stage says no.
    public enum Failing: String, Sendable, Codable, CaseIterable {
        case never, version, breaking
    }

    public struct Input: Decodable, Sendable {
        public var document: String
        public var base: String
        public var version: String?
        public var baseVersion: String?
        public var approved: [String]?
        public var failOn: Failing?
        public var profile: ComparisonOptions.Profile?
    }

    public struct Output: Codable, Sendable {
        public var level: Bump
        public var first: Bool
        /// Why nothing was compared; nil where something was.
        public var absence: String?
        public var changes: Int
        public var breaking: Int
        public var neededVersion: String?
        /// Nil where the base is a path.
        public var baseCommit: String?
        /// Whether that commit leads to the one of the run; nil where either is not known.
        public var baseIsAncestor: Bool?
        /// Whether the base is the document itself, as the run's own commit has it; nil where that is not known.
        public var baseIsOwnCommit: Bool?
        public var releaseNotes: String
        public var report: String?
    }

    public init() {}

    /// The base is a path or something else, so that it is no input of type `path`.
    public static func companions(of input: Input, root: String) throws -> [String] {
        if case .file(let path) = DefinitionSource(input.base) { [path] } else { [] }
    }

    public func run(_ input: Input, in context: StageContext) async throws -> Output {
        try await blocking { try compare(input, in: context) }
    }

    private func compare(_ input: Input, in context: StageContext) throws -> Output {
        try Self.checkReadable(input)
        let revision = try APIDefinition(context.document(input.document))
        let source = DefinitionSource(input.base)
        let found = try source.find(document: input.document, root: context.root, read: context.document)
        guard let base = found else {
            let absence = try source.absence(document: input.document, root: context.root)
            context.log("no release found at '\(input.base)': this is the first one")
            context.emit(
                .finding(
                    Finding(
                        code: "diff/no-release", severity: .warning,
                        message: "nothing was compared: \(absence)")))
            return Self.first(revision, version: input.version, absence: absence)
        }
        let approved = Set(input.approved ?? [])
        let comparison = Comparison(
            base: base.definition, revision: revision, options: ComparisonOptions(profile: input.profile))
        let baseVersion = input.baseVersion ?? base.version
        let checked = CheckedVersion(
            given: input.version, base: base, baseVersion: input.baseVersion, revision: revision)
        let verdict = Verdict(
            comparison, baseVersion: baseVersion, declaredVersion: checked.text, approved: approved)
        report(comparison, verdict, base, context)
        if let note = checked.note(verdict, remedy: "'version'") { context.log(note) }
        try Self.check(verdict, version: checked.text, baseVersion: baseVersion, failOn: input.failOn ?? .version)
        let report = try ValueEncoder().encode(
            ComparisonReport(comparison, verdict: verdict, approved: approved))
        return Output(
            level: verdict.level, first: false, absence: nil, changes: comparison.changes.count,
            breaking: comparison.count(.breaking), neededVersion: verdict.neededVersion?.description,
            baseCommit: base.commit,
            baseIsAncestor: source.isAncestor(base.commit, of: context.commit, root: context.root),
            baseIsOwnCommit: source.isOwn(base, document: input.document, commit: context.commit),
            releaseNotes: ReleaseNotes(comparison, verdict: verdict, version: input.version).markdown,
            report: try context.objects.put(Data(report.json(pretty: true).utf8)))
    }

    private func report(
        _ comparison: Comparison, _ verdict: Verdict, _ base: DefinitionSource.Found, _ context: StageContext
    ) {
        let serious = comparison.changes.filter { $0.level > .info }
        for change in serious.prefix(200) { context.emit(.finding(change.finding)) }
        if serious.count > 200 { context.log("\(serious.count - 200) more findings are in the report") }
        let count = comparison.changes.count
        let needed = verdict.neededVersion.map { ", needs version \($0) or higher" } ?? ""
        let commit = base.commit.map { " (commit \($0))" } ?? ""
        context.log(
            "\(count) change\(count == 1 ? "" : "s") since \(base.name)\(commit): level \(verdict.level.rawValue)\(needed)"
        )
        for approval in verdict.unusedApprovals {
            context.emit(
                .finding(
                    Finding(
                        code: "diff/unused-approval", severity: .warning,
                        message: "the approval '\(approval)' matches no change")))
        }
    }

    private static func checkReadable(_ input: Input) throws(StageFailure) {
        for (name, code, text) in [
            ("version", "diff/version", input.version), ("baseVersion", "diff/base-version", input.baseVersion),
        ] {
            guard let text, let problem = problem(withVersion: text) else { continue }
            throw StageFailure(.broken, code, "'\(name)': \(problem)")
        }
    }

    /// Why a text cannot be compared as a version, lower case; nil when it can be.
    static func problem(withVersion text: String) -> String? {
        APIVersion(text) == nil ? "'\(text)' is no version such as 1.2.0 or 1.2.0.4" : nil
    }

    /// Throws where the answer is no; `almrun diff` asks the same.
    public static func check(
        _ verdict: Verdict, version: String?, baseVersion: String?, failOn failing: Failing
    ) throws(StageFailure) {
        guard failing != .never else { return }
        if let version {
            guard verdict.declaredVersion != nil else {
                throw StageFailure(
                    .broken, "diff/version", "'\(version)' is no version such as 1.2.0 or 1.2.0.4")
            }
            guard let base = verdict.baseVersion, let needed = verdict.neededVersion else {
                throw StageFailure(
                    .broken, "diff/base-version",
                    "the version of the base is unknown: \(baseVersion ?? "none declared")",
                    notes: ["say it with 'baseVersion'"])
            }
            if verdict.isVersionTooSmall {
                throw StageFailure(
                    .rejected, "diff/version-too-small",
                    "version \(version) is too small for a \(verdict.level.rawValue) change after \(base): "
                        + "it has to be \(needed) or higher",
                    notes: notes(verdict.demanding), findings: verdict.demanding.map(\.finding))
            }
        }
        if failing == .breaking, !verdict.unapproved.isEmpty {
            let count = verdict.unapproved.count
            throw StageFailure(
                .rejected, "diff/breaking", "\(count) breaking change\(count == 1 ? "" : "s") nobody approved",
                notes: notes(verdict.unapproved)
                    + ["approve a change by adding its fingerprint to 'approved'"],
                findings: verdict.unapproved.map(\.finding))
        }
    }

    private static func notes(_ changes: [Change]) -> [String] {
        changes.prefix(10).map { change in
            let name = change.operation.map { $0.operationID ?? $0.label }
            return (name.map { "\($0): " } ?? "") + "\(change.message) [\(change.fingerprint)]"
        }
    }

    private static func first(_ definition: APIDefinition, version: String?, absence: String) -> Output {
        let names = definition.operations.map { operation in
            let name = operation.operationID.map { "`\($0)`" } ?? "`\(operation.label)`"
            return "- \(name)\(operation.summary.map { ": \($0)" } ?? "")\n"
        }
        let title = "\(definition.title ?? "API")\((version ?? definition.declaredVersion).map { " \($0)" } ?? "")"
        return Output(
            level: .none, first: true, absence: absence, changes: 0, breaking: 0, neededVersion: nil,
            releaseNotes: "# \(title)\n\nFirst release.\n\n## Operations\n\n\(names.joined())", report: nil)
    }
}
