import Documents

extension RulesetReader {
    static let ruleKeys = [
        "description", "documentationUrl", "recommended", "given", "resolved", "severity", "message", "tags", "formats",
        "then", "type", "extensions", "enabled",
    ]

    mutating func readRules(_ node: Node, _ contents: inout Contents, _ scope: RuleScope) {
        guard node.kind == .object else {
            report("ruleset/invalid-rules", "'rules' is a map of rules by name", at: node)
            return
        }
        for member in node.members {
            let known = contents[member.key]
            if member.value.kind == .object {
                let entry =
                    known
                    ?? Ruleset.Entry(
                        rule: Rule(code: member.key, page: RulePage(member.value["description"]?.string ?? member.key)),
                        isEnabled: true)
                if let read = readRule(member, entry, scope, isNew: known == nil) { contents[member.key] = read }
                continue
            }
            guard var entry = known else {
                let names = contents.entries.map(\.name)
                report(
                    "ruleset/unknown-rule", "there is no rule '\(member.key)' to change", at: member.keyNode,
                    help: suggestion(for: member.key, among: names).map { "did you mean '\($0)'?" })
                continue
            }
            if let isOn = member.value.boolean {
                entry.isEnabled = isOn
            } else if let setting = SeveritySetting(member.value) {
                entry.isEnabled = setting.severity != nil
                if let severity = setting.severity { entry.rule.severity = severity }
            } else {
                reportSeverity(member.value)
                continue
            }
            contents[member.key] = entry
        }
    }

    private mutating func reportSeverity(_ node: Node) {
        report(
            "ruleset/unknown-severity", "a severity is 'error', 'warn', 'info', 'hint' or 'off'", at: node,
            help: node.string.flatMap(SeveritySetting.suggestion).map { "did you mean '\($0)'?" })
    }

    private mutating func readRule(
        _ member: Member, _ base: Ruleset.Entry, _ scope: RuleScope, isNew: Bool
    ) -> Ruleset.Entry? {
        let node = member.value
        checkKeys(of: node, among: RulesetReader.ruleKeys, "a rule")
        var entry = base
        entry.isEnabled = true
        if let description = node["description"]?.string {
            entry.rule.description = description
            entry.rule.page.summary = description
        }
        if let message = node["message"]?.string { entry.rule.message = MessageTemplate(message) }
        if let recommended = node["recommended"]?.boolean {
            entry.rule.isRecommended = recommended
            if isNew { entry.isEnabled = recommended }
        }
        if let resolved = node["resolved"]?.boolean { entry.rule.isResolved = resolved }
        if let severity = node["severity"] {
            if let setting = SeveritySetting(severity) {
                if let value = setting.severity { entry.rule.severity = value } else { entry.isEnabled = false }
            } else {
                reportSeverity(severity)
            }
        }
        if let formats = node["formats"] {
            entry.rule.formats = readFormats(formats)
        } else if isNew {
            entry.rule.formats = scope.formats
        }
        entry.rule.documentationURL =
            node["documentationUrl"]?.string ?? entry.rule.documentationURL
            ?? scope.documentationURL.map { "\($0)#\(member.key)" }
        if let given = node["given"] {
            entry.rule.given = readGiven(given, scope)
        } else if isNew {
            report("ruleset/missing-given", "rule '\(member.key)' needs 'given'", at: member.keyNode)
        }
        if let then = node["then"] {
            guard let steps = readSteps(then, member.key, scope) else { return nil }
            entry.rule.steps = steps
        } else if isNew {
            report("ruleset/missing-then", "rule '\(member.key)' needs 'then'", at: member.keyNode)
        }
        return entry
    }

    // MARK: Then

    /// The steps of a rule; nothing where one of them cannot run here.
    private mutating func readSteps(_ node: Node, _ rule: String, _ scope: RuleScope) -> [Rule.Step]? {
        var steps: [Rule.Step] = []
        for element in node.kind == .array ? Array(node.elements) : [node] {
            checkKeys(of: element, among: ["field", "function", "functionOptions"], "'then'")
            guard let name = element["function"], let function = name.string else {
                report("ruleset/missing-function", "'then' needs 'function'", at: element)
                continue
            }
            var field = FieldPath.whole
            do {
                field = try FieldPath(element["field"]?.scalarText)
            } catch {
                report("ruleset/invalid-path", error.reason, at: element["field"] ?? element)
            }
            if scope.scriptedFunctions.contains(function) {
                warnings.append(
                    Diagnostic(
                        "ruleset/unsupported-function", .warning,
                        "rule '\(rule)' is left out: its function '\(function)' is written in JavaScript",
                        at: name.location, help: "the other rules run"))
                return nil
            }
            let options = element["functionOptions"]
            do {
                guard let made = try FunctionTable.make(function, options: options) else {
                    report(
                        "ruleset/unknown-function", "there is no function '\(function)'", at: name,
                        help: suggestion(for: function, among: FunctionTable.makers.keys.sorted())
                            .map { "did you mean '\($0)'?" })
                    continue
                }
                steps.append(Rule.Step(made, field: field))
            } catch {
                var place = options ?? element
                for part in error.path { place = place[part] ?? place }
                report("ruleset/invalid-options", error.message, at: place)
            }
        }
        return steps
    }

    // MARK: Given and aliases

    private mutating func readGiven(_ node: Node, _ scope: RuleScope) -> [Rule.Given] {
        var given: [Rule.Given] = []
        for element in node.kind == .array ? Array(node.elements) : [node] {
            guard let text = element.string else {
                report("ruleset/invalid-path", "a path is a string", at: element)
                continue
            }
            for expanded in expand(text, scope, element, stack: []) {
                do {
                    given.append(Rule.Given(path: try JSONPath(expanded.given), formats: expanded.formats))
                } catch {
                    report("ruleset/invalid-path", "'\(expanded.given)' is no path: \(error.reason)", at: element)
                }
            }
        }
        return given
    }

    private struct Expanded {
        var given: String
        var formats: Set<DocumentFormat>
    }

    private mutating func expand(_ text: String, _ scope: RuleScope, _ node: Node, stack: [String]) -> [Expanded] {
        guard text.hasPrefix("#") else {
            if !text.hasPrefix("$") {
                report("ruleset/invalid-path", "'\(text)' starts neither with '$' nor with '#' and an alias", at: node)
                return []
            }
            return [Expanded(given: text, formats: [])]
        }
        let name = String(
            text.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
        if stack.contains(name) {
            let chain = (stack + [name]).joined(separator: " -> ")
            report("ruleset/alias-cycle", "alias '\(stack[0])' is circular: \(chain)", at: node)
            return []
        }
        guard let targets = scope.aliases[name] else {
            report(
                "ruleset/unknown-alias", "there is no alias '\(name)'", at: node,
                help: suggestion(for: name, among: scope.aliases.keys.sorted()).map { "did you mean '\($0)'?" })
            return []
        }
        let tail = text.dropFirst(1 + name.count)
        var result: [Expanded] = []
        for target in targets {
            for given in target.given {
                for inner in expand(given, scope, node, stack: stack + [name]) {
                    let formats =
                        inner.formats.isEmpty
                        ? target.formats
                        : target.formats.isEmpty ? inner.formats : inner.formats.intersection(target.formats)
                    result.append(Expanded(given: inner.given + tail, formats: formats))
                }
            }
        }
        return result
    }

    mutating func readAliases(_ node: Node) -> [String: [RuleScope.Alias]] {
        var aliases: [String: [RuleScope.Alias]] = [:]
        for member in node.members {
            let value = member.value
            switch value.kind {
            case .string, .array:
                aliases[member.key] = [.init(given: texts(value), formats: [])]
            case .object:
                guard let targets = value["targets"], targets.kind == .array else {
                    report("ruleset/invalid-alias", "alias '\(member.key)' needs 'targets'", at: value)
                    continue
                }
                aliases[member.key] = targets.elements.map { target in
                    RuleScope.Alias(
                        given: target["given"].map { texts($0) } ?? [],
                        formats: target["formats"].map { readFormats($0) } ?? [])
                }
            default: report("ruleset/invalid-alias", "alias '\(member.key)' is a list of paths", at: value)
            }
        }
        return aliases
    }

    private func texts(_ node: Node) -> [String] {
        node.kind == .string ? [node.string].compactMap { $0 } : node.elements.compactMap(\.string)
    }

    mutating func readFormats(_ node: Node) -> Set<DocumentFormat> {
        var formats: Set<DocumentFormat> = []
        let names = DocumentFormat.known.map(\.rawValue)
        let foreign = ["asyncapi", "arazzo", "json-schema"]
        for element in node.kind == .array ? Array(node.elements) : [node] {
            guard let name = element.scalarText else { continue }
            if let format = DocumentFormat(named: name) {
                formats.insert(format)
            } else if foreign.contains(where: { name.hasPrefix($0) }) || name.hasPrefix("draft") {
                formats.insert(.other)
                warnings.append(
                    Diagnostic(
                        "ruleset/unsupported-format", .warning,
                        "format '\(name)' is not linted here; rules for it never apply", at: element.location))
            } else {
                report(
                    "ruleset/unknown-format", "there is no format '\(name)'", at: element,
                    help: suggestion(for: name, among: names).map { "did you mean '\($0)'?" })
            }
        }
        return formats
    }
}
