/// Why a function does not take the options that a ruleset gives it.
struct OptionsProblem: Error, Sendable {
    var message: String
    /// Where in the options, as names one below the other.
    var path: [String]

    init(_ message: String, at path: [String] = []) {
        self.message = message
        self.path = path
    }
}
