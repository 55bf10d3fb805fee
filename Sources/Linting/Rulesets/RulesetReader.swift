import Documents

/// Reads a ruleset and all that it extends; reports everything wrong at once.
struct RulesetReader {
    private let load: (String) throws(Rejected) -> Document
    var diagnostics: [Diagnostic] = []
    var warnings: [Diagnostic] = []
    private var open: [String] = []
    private var files: [String] = []

    static let topLevelKeys = [
        "description", "documentationUrl", "parserOptions", "functions", "functionsDir", "functionOptions", "aliases",
        "extends", "formats", "rules", "overrides", "except",
    ]
    static let overrideKeys = ["files", "rules", "extends", "formats", "aliases", "parserOptions"]

    init(load: @escaping (String) throws(Rejected) -> Document) { self.load = load }

    /// What one file contributes to the files that extend it.
    struct Contents {
        var entries: [(name: String, entry: Ruleset.Entry)] = []
        var formats: Set<DocumentFormat> = []

        subscript(_ name: String) -> Ruleset.Entry? {
            get { entries.first { $0.name == name }?.entry }
            set {
                guard let newValue else { return }
                if let index = entries.firstIndex(where: { $0.name == name }) {
                    entries[index].entry = newValue
                } else {
                    entries.append((name, newValue))
                }
            }
        }
    }

    mutating func ruleset(_ document: Document, at path: String) throws(Rejected) -> Ruleset {
        open.append(RulesetReader.normalized(path))
        files.append(RulesetReader.normalized(path))
        let (contents, scope) = read(document.root, at: path)
        var ruleset = Ruleset(entries: contents.entries)
        ruleset.folder = RulesetReader.folder(of: document.source.name)
        if let overrides = document.root["overrides"], document.root.kind == .object {
            readOverrides(overrides, contents, scope, at: path, into: &ruleset)
        }
        if let except = document.root["except"], except.kind == .object { readExcept(except, into: &ruleset) }
        if !diagnostics.isEmpty { throw Rejected(diagnostics) }
        ruleset.warnings = warnings
        ruleset.files = files
        return ruleset
    }

    private mutating func read(_ root: Node, at path: String) -> (Contents, RuleScope) {
        var contents = Contents()
        var scope = RuleScope()
        guard root.kind == .object else {
            report("ruleset/not-a-map", "a ruleset is a map with 'extends' or 'rules'", at: root)
            return (contents, scope)
        }
        checkKeys(of: root, among: RulesetReader.topLevelKeys, "a ruleset")
        if root["extends"] == nil, root["rules"] == nil, root["overrides"] == nil {
            report("ruleset/empty", "a ruleset needs 'extends', 'rules' or 'overrides'", at: root)
        }
        if let aliases = root["aliases"] { scope.aliases = readAliases(aliases) }
        if let formats = root["formats"] { contents.formats = readFormats(formats) }
        scope.formats = contents.formats
        scope.documentationURL = root["documentationUrl"]?.string
        for function in root["functions"].map({ Array($0.elements) }) ?? [] {
            if let name = function.string ?? function[0]?.string { scope.scriptedFunctions.insert(name) }
        }
        if let extends = root["extends"] { extend(&contents, extends, at: path) }
        if let rules = root["rules"] { readRules(rules, &contents, scope) }
        return (contents, scope)
    }

    // MARK: Extends

    private mutating func extend(_ contents: inout Contents, _ node: Node, at path: String) {
        if node.kind == .string {
            extend(&contents, name: node, selector: nil, at: path)
            return
        }
        guard node.kind == .array else {
            report("ruleset/invalid-extends", "'extends' is a name, a path, or a list of them", at: node)
            return
        }
        for element in node.elements {
            if element.kind == .string {
                extend(&contents, name: element, selector: nil, at: path)
            } else if element.kind == .array, let name = element[0], name.kind == .string {
                extend(&contents, name: name, selector: element[1], at: path)
            } else {
                report(
                    "ruleset/invalid-extends", "an entry of 'extends' is a name, or a pair of name and set", at: element
                )
            }
        }
    }

    private mutating func extend(_ contents: inout Contents, name node: Node, selector: Node?, at path: String) {
        guard let name = node.string, var inherited = inherited(named: name, node, at: path) else { return }
        if let selector {
            let sets = ["all", "recommended", "off"]
            guard let set = selector.string, sets.contains(set) else {
                report(
                    "ruleset/unknown-set", "a set of rules is 'all', 'recommended' or 'off'", at: selector,
                    help: selector.string.flatMap { suggestion(for: $0, among: sets) }.map { "did you mean '\($0)'?" })
                return
            }
            for index in inherited.entries.indices {
                let isRecommended = inherited.entries[index].entry.rule.isRecommended
                inherited.entries[index].entry.isEnabled = set == "all" || (set == "recommended" && isRecommended)
            }
        }
        for (name, entry) in inherited.entries { contents[name] = entry }
        contents.formats.formUnion(inherited.formats)
    }

    private mutating func inherited(named name: String, _ node: Node, at path: String) -> Contents? {
        if let builtIn = RulesetName(rawValue: name) {
            return Contents(entries: builtIn.entries, formats: Set(DocumentFormat.known))
        }
        if name.contains(":"), !name.hasPrefix("http") {
            let known = RulesetName.allCases.map(\.rawValue)
            report(
                "ruleset/unknown-ruleset", "there is no built-in ruleset '\(name)'", at: node,
                help: suggestion(for: name, among: known).map { "did you mean '\($0)'?" }
                    ?? "built in are \(known.map { "'\($0)'" }.joined(separator: " and "))")
            return nil
        }
        if name.hasPrefix("http://") || name.hasPrefix("https://") {
            report(
                "ruleset/remote", "'\(name)' is not fetched: a ruleset extends files only", at: node,
                help: "keep a copy beside this file and extend that")
            return nil
        }
        if name.hasSuffix(".js") || name.hasSuffix(".mjs") || name.hasSuffix(".ts") {
            report("ruleset/scripted", "'\(name)' is a program, and rulesets are read as YAML or JSON only", at: node)
            return nil
        }
        let file = RulesetReader.normalized(
            name.hasPrefix("/") ? name : RulesetReader.folder(of: path) + "/" + name)
        if let start = open.firstIndex(of: file) {
            let chain = (open[start...] + [file]).joined(separator: " -> ")
            report("ruleset/cycle", "'\(name)' extends itself: \(chain)", at: node)
            return nil
        }
        let document: Document
        do {
            document = try load(file)
        } catch {
            for var diagnostic in error.diagnostics {
                if diagnostic.location == nil {
                    diagnostic.location = node.location
                } else {
                    diagnostic.notes.append(.init("extended here", at: node.location))
                }
                diagnostics.append(diagnostic)
            }
            return nil
        }
        open.append(file)
        files.append(file)
        defer { open.removeLast() }
        return read(document.root, at: file).0
    }

    // MARK: Overrides

    private mutating func readOverrides(
        _ node: Node, _ base: Contents, _ scope: RuleScope, at path: String, into ruleset: inout Ruleset
    ) {
        guard node.kind == .array else {
            report("ruleset/invalid-overrides", "'overrides' is a list", at: node)
            return
        }
        for element in node.elements {
            checkKeys(of: element, among: RulesetReader.overrideKeys, "an override")
            guard let files = element["files"], files.kind == .array, files.count > 0 else {
                report("ruleset/invalid-overrides", "an override needs 'files', a list of patterns", at: element)
                continue
            }
            var patterns: [GlobPattern] = []
            for file in files.elements {
                guard let text = file.string else { continue }
                if let mark = text.firstIndex(of: "#") {
                    guard let rules = element["rules"] else { continue }
                    readPointerOverride(text, mark, rules, file, into: &ruleset)
                } else if let pattern = glob(text, file) {
                    patterns.append(pattern)
                }
            }
            if patterns.isEmpty { continue }
            var changed = base
            var scope = scope
            if let aliases = element["aliases"] {
                scope.aliases.merge(readAliases(aliases)) { _, new in new }
            }
            if let formats = element["formats"] { scope.formats = readFormats(formats) }
            if let extends = element["extends"] {
                var inherited = Contents()
                extend(&inherited, extends, at: path)
                for (name, entry) in inherited.entries { changed[name] = entry }
            }
            if let rules = element["rules"] { readRules(rules, &changed, scope) }
            let touched = Set(element["rules"].map { $0.members.map(\.key) } ?? [])
            let entries = changed.entries.filter { touched.contains($0.name) || element["extends"] != nil }
            ruleset.overrides.append(Ruleset.Override(files: patterns, entries: entries))
        }
    }

    private mutating func readPointerOverride(
        _ text: String, _ mark: String.Index, _ rules: Node, _ place: Node, into ruleset: inout Ruleset
    ) {
        let name = text[..<mark].isEmpty ? "**" : String(text[..<mark])
        guard let file = glob(name, place) else { return }
        let pointer = Pointer(String(text[text.index(after: mark)...])).parts
        for member in rules.members {
            guard let setting = SeveritySetting(member.value) else {
                report(
                    "ruleset/invalid-overrides", "an override of a place within a file can only change severities",
                    at: member.value)
                continue
            }
            ruleset.pointerOverrides.append(
                .init(file: file, pointer: pointer, rule: member.key, severity: setting.severity))
        }
    }

    private mutating func readExcept(_ node: Node, into ruleset: inout Ruleset) {
        for member in node.members {
            let text = member.key
            let mark = text.firstIndex(of: "#") ?? text.endIndex
            guard let file = glob(text[..<mark].isEmpty ? "**" : String(text[..<mark]), member.keyNode) else {
                continue
            }
            let pointer = mark == text.endIndex ? [] : Pointer(String(text[text.index(after: mark)...])).parts
            for rule in member.value.elements.compactMap(\.string) {
                ruleset.pointerOverrides.append(.init(file: file, pointer: pointer, rule: rule, severity: nil))
            }
        }
    }

    private mutating func glob(_ text: String, _ node: Node) -> GlobPattern? {
        do {
            return try GlobPattern(text)
        } catch {
            report("ruleset/invalid-pattern", "'\(text)' is no file pattern", at: node)
            return nil
        }
    }

    // MARK: Shared

    mutating func report(_ code: String, _ message: String, at node: Node, help: String? = nil) {
        diagnostics.append(Diagnostic(code, message, at: node.location, help: help))
    }

    mutating func checkKeys(of node: Node, among known: [String], _ what: String) {
        for member in node.members where !known.contains(member.key) && !member.key.hasPrefix("x-") {
            report(
                "ruleset/unknown-key", "\(what) has no '\(member.key)'", at: member.keyNode,
                help: suggestion(for: member.key, among: known).map { "did you mean '\($0)'?" })
        }
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A path without `.`, `..` and doubled slashes.
    static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }
}
