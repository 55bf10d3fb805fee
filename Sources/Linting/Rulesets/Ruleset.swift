public import Documents
import Foundation

/// The rules that apply, after everything a ruleset extends and changes.
public struct Ruleset: Sendable {
    struct Entry: Sendable {
        var rule: Rule
        var isEnabled: Bool
    }

    /// Changes for some files only.
    struct Override: Sendable {
        var files: [GlobPattern]
        var entries: [(name: String, entry: Entry)]
    }

    /// Another severity, or none, for findings below a pointer.
    struct PointerOverride: Sendable {
        var file: GlobPattern
        var pointer: [String]
        var rule: String
        /// Nothing: the finding is dropped.
        var severity: Severity?
    }

    var entries: [(name: String, entry: Entry)]
    var overrides: [Override] = []
    var pointerOverrides: [PointerOverride] = []
    /// Where the ruleset file lies; files of overrides are relative to it.
    var folder = ""
    /// The files that were read: the ruleset and all that it extends.
    public internal(set) var files: [String] = []
    /// What could not be used, such as rules with functions written in JavaScript.
    public internal(set) var warnings: [Diagnostic] = []

    /// The rules that are on.
    public var rules: [Rule] { entries.filter(\.entry.isEnabled).map(\.entry.rule) }

    /// Whether built-in rules, which are for OpenAPI documents only, are on.
    var judgesAPIs: Bool {
        let builtIn = Set(RulesetName.allCases.flatMap { $0.rules.map(\.code) })
        return entries.contains { $0.entry.isEnabled && builtIn.contains($0.name) }
    }

    /// `almrun:connector` and the recommended rules of `spectral:oas`, without those that say the same again or that
    /// ask for tags, which connectors do not have.
    public static let standard: Ruleset = {
        let redundant = [
            "operation-operationId", "operation-operationId-unique", "operation-operationId-valid-in-url",
            "operation-description", "operation-success-response", "operation-tags", "operation-tag-defined",
            "oas2-api-host", "oas2-api-schemes",
        ]
        var entries = RulesetName.connector.entries
        for (name, entry) in RulesetName.oas.entries where !entries.contains(where: { $0.name == name }) {
            entries.append((name, Entry(rule: entry.rule, isEnabled: entry.isEnabled && !redundant.contains(name))))
        }
        return Ruleset(entries: entries)
    }()

    /// Reads a ruleset file, or takes a built-in one by its name (`spectral:oas`, `almrun:connector`).
    public init(path: String, shownAs name: String? = nil) throws(Rejected) {
        if let builtIn = RulesetName(rawValue: path) {
            self.init(entries: builtIn.entries)
            return
        }
        let document: Document
        do throws(Rejected) {
            document = try Document(path: path, file: name ?? path)
        } catch {
            guard path.contains(":"), error.diagnostics.first?.code == "document/missing" else { throw error }
            let known = RulesetName.allCases.map(\.rawValue)
            throw Rejected(
                Diagnostic(
                    "ruleset/unknown-ruleset", "there is no built-in ruleset '\(path)'",
                    help: suggestion(for: path, among: known).map { "did you mean '\($0)'?" }
                        ?? "built in are \(known.map { "'\($0)'" }.joined(separator: " and "))"))
        }
        try self.init(document, at: path)
    }

    /// Reads a ruleset document; `path` is where it lies, for what it extends.
    public init(
        _ document: Document, at path: String? = nil,
        load: @escaping (String) throws(Rejected) -> Document = Ruleset.document
    ) throws(Rejected) {
        var reader = RulesetReader(load: load)
        self = try reader.ruleset(document, at: path ?? document.source.name)
    }

    init(entries: [(name: String, entry: Entry)]) { self.entries = entries }

    /// Reads a file that a ruleset extends.
    public static func document(at path: String) throws(Rejected) -> Document {
        try Document(path: path, file: path)
    }

    /// The rules for a file, after the overrides that name it.
    func rules(for file: String) -> [Rule] {
        if overrides.isEmpty { return rules }
        let file = relative(file)
        var entries = entries
        for change in overrides where change.files.contains(where: { $0.matches(file) }) {
            for (name, entry) in change.entries {
                if let index = entries.firstIndex(where: { $0.name == name }) {
                    entries[index].entry = entry
                } else {
                    entries.append((name, entry))
                }
            }
        }
        return entries.filter(\.entry.isEnabled).map(\.entry.rule)
    }

    /// Findings with the severities that overrides of single places give them.
    func adjusted(_ findings: [Finding], in file: String) -> [Finding] {
        if pointerOverrides.isEmpty { return findings }
        return findings.compactMap { finding in
            let parts = Pointer(finding.pointer ?? "").parts
            let name = relative(finding.file ?? file)
            var best: PointerOverride?
            for candidate in pointerOverrides
            where candidate.rule == finding.code && candidate.file.matches(name)
                && parts.starts(with: candidate.pointer) && candidate.pointer.count >= (best?.pointer.count ?? 0)
            {
                best = candidate
            }
            guard let best else { return finding }
            guard let severity = best.severity else { return nil }
            var finding = finding
            finding.severity = severity
            return finding
        }
    }

    /// The file's path from the ruleset's folder, with `..` where it lies outside.
    private func relative(_ file: String) -> String {
        let isPlain = { (path: String) in !path.hasPrefix("/") && !path.hasPrefix("..") }
        var (base, path) = (RulesetReader.normalized(folder), RulesetReader.normalized(file))
        if !isPlain(base) || !isPlain(path) { (base, path) = (Ruleset.absolute(base), Ruleset.absolute(path)) }
        let (from, to) = (base.split(separator: "/"), path.split(separator: "/"))
        let shared = zip(from, to).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: from.count - shared) + to.dropFirst(shared)).joined(separator: "/")
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : RulesetReader.normalized(FileManager.default.currentDirectoryPath + "/" + path)
    }
}
