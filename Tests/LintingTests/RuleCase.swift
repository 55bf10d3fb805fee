import Documents

@testable import Linting

/// A document with a mark in front of each place where one rule must find something, and nowhere else.
struct RuleCase: Sendable, CustomStringConvertible {
    static let mark: Character = "◆"

    var code: String
    var text: String
    /// `apiProperties.json`, marked in the same way.
    var properties: String?
    /// Part of each message.
    var message: String?
    var hasScript: Bool?

    init(
        _ code: String, _ text: String, properties: String? = nil, message: String? = nil, hasScript: Bool? = nil
    ) {
        self.code = code
        self.text = text
        self.properties = properties
        self.message = message
        self.hasScript = hasScript
    }

    var description: String { "\(code): \(text.prefix(80))" }

    var isMarked: Bool { text.contains(RuleCase.mark) || properties?.contains(RuleCase.mark) == true }

    /// The places that are marked, as `file:line:column`, in order.
    var wanted: [String] {
        (properties.map { RuleCase.places(in: $0, "apiProperties.json") } ?? [])
            + RuleCase.places(in: text, "definition.yaml")
    }

    /// What the rule finds.
    func findings() throws -> [Finding] {
        let document = try Document(text: RuleCase.plain(text), file: "definition.yaml")
        var connector: ConnectorFiles?
        if let properties {
            let read = try Document(text: RuleCase.plain(properties), file: "apiProperties.json", syntax: .yaml)
            connector = ConnectorFiles(properties: read, hasScript: hasScript)
        }
        guard let rule = RuleCatalogue.rule(code) else { return [] }
        let ruleset = Ruleset(entries: [(code, .init(rule: rule, isEnabled: true))])
        return Linter(ruleset: ruleset).lint(document, connector: connector).findings.filter { $0.code == code }
    }

    private static func plain(_ text: String) -> String { text.filter { $0 != mark } }

    private static func places(in text: String, _ file: String) -> [String] {
        var line = 1
        var column = 1
        var places: [String] = []
        for character in text {
            if character == mark {
                places.append("\(file):\(line):\(column)")
            } else if character == "\n" {
                line += 1
                column = 1
            } else {
                column += character.utf16.count
            }
        }
        return places
    }
}
