public import Documents

/// One rule: where it looks, what it wants there, and how bad it is when that is missing.
public struct Rule: Sendable {
    /// A function for one field of each match.
    struct Step: Sendable {
        var field: FieldPath
        var function: RuleFunction

        init(_ function: RuleFunction, field: FieldPath = .whole) {
            self.field = field
            self.function = function
        }

        /// A function for a member, named as in `info.contact`.
        static func field(_ path: String, _ function: RuleFunction) -> Step {
            Step(function, field: .members(path.split(separator: ".").map(String.init)))
        }

        /// A function for each member's name.
        static func names(_ function: RuleFunction) -> Step { Step(function, field: .names) }
    }

    /// Paths that hold for some formats only.
    struct Given: Sendable {
        var path: JSONPath
        /// Empty: for every document.
        var formats: Set<DocumentFormat> = []
    }

    public let code: String
    public var severity: Severity
    /// Whether it runs where a ruleset asks for the recommended rules.
    public var isRecommended: Bool
    /// The formats it is for; empty means all.
    public var formats: Set<DocumentFormat>
    /// The fixed text of its findings, where the function's own words are not used.
    public var description: String?
    public var documentationURL: String?
    public var page: RulePage
    /// Whether it sees the document with references followed.
    var isResolved: Bool
    var given: [Given]
    var steps: [Step]
    var message: MessageTemplate?

    /// A built-in rule; its paths are known to be well formed.
    init(
        _ code: String, _ severity: Severity, recommended: Bool = true, _ formats: Set<DocumentFormat> = [],
        resolved: Bool = true, given: [String], _ steps: [Step], description: String?, message: String? = nil,
        page: RulePage
    ) {
        self.code = code
        self.severity = severity
        isRecommended = recommended
        self.formats = formats
        isResolved = resolved
        self.given = given.map { text in
            do throws(JSONPathError) {
                return Given(path: try JSONPath(text))
            } catch {
                preconditionFailure("\(text): \(error.reason)")
            }
        }
        self.steps = steps
        self.description = description
        self.message = message.map(MessageTemplate.init)
        self.page = page
    }

    /// A rule of a ruleset file, before its parts are read.
    init(code: String, page: RulePage) {
        self.code = code
        severity = .warning
        isRecommended = true
        formats = []
        isResolved = true
        given = []
        steps = []
        self.page = page
    }
}
