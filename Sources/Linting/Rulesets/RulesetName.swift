/// The rulesets that come with almrun.
enum RulesetName: String, CaseIterable {
    case oas = "spectral:oas"
    case connector = "almrun:connector"

    var rules: [Rule] {
        switch self {
        case .oas: OASRules.all
        case .connector: ConnectorRules.all + [OASRules.invalidReference]
        }
    }

    /// The rules, the recommended ones on.
    var entries: [(name: String, entry: Ruleset.Entry)] {
        rules.map { ($0.code, Ruleset.Entry(rule: $0, isEnabled: $0.isRecommended)) }
    }
}
