/// What a ruleset file gives to the rules in it.
struct RuleScope {
    /// The paths that an alias stands for, with the formats they are for.
    struct Alias {
        var given: [String]
        var formats: Set<DocumentFormat>
    }

    var aliases: [String: [Alias]] = [:]
    var formats: Set<DocumentFormat> = []
    var documentationURL: String?
    /// Functions that the file takes from JavaScript.
    var scriptedFunctions: Set<String> = []
}
