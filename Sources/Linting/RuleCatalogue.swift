/// Every rule that comes with almrun, with its page.
public enum RuleCatalogue {
    /// In the order of the rulesets.
    public static let all: [Rule] = ConnectorRules.all + OASRules.all

    public static func rule(_ code: String) -> Rule? { all.first { $0.code == code } }
}
