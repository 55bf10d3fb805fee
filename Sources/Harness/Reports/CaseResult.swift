/// How one case went.
public struct CaseResult: Sendable, Hashable, Codable {
    /// Passed, failed or not run.
    public enum Outcome: String, Sendable, Hashable, Codable { case passed, failed, skipped }

    /// The case's name.
    public var name: String
    /// The action that it calls.
    public var action: String
    /// The verb, in upper case.
    public var method: String
    /// The path as the definition has it.
    public var path: String
    /// The file of a written case; nil for a generated one.
    public var file: String?
    /// The line at which a written case starts.
    public var line: Int?
    /// Passed, failed or skipped.
    public var outcome: Outcome
    /// Why it was not run.
    public var reason: String?
    /// The last answer's status; nil where none came.
    public var status: Int?
    /// How many calls were made, pages and retries not counted.
    public var calls = 0
    /// How many of them were wrong in some way.
    public var failedCalls = 0
    /// How many pages were read; 0 for an action without pages.
    public var pages = 0
    /// How often a call was made again because of throttling.
    public var retries = 0
    /// The slowest counted call in seconds; nil where none counts.
    public var latency: Double?
    /// What is wrong, each thing once.
    public var violations: [Violation]

    init(_ testCase: TestCase, method: String, path: String, outcome: Outcome, violations: [Violation] = []) {
        self.name = testCase.name
        self.action = testCase.action
        self.method = method
        self.path = path
        self.outcome = outcome
        self.violations = violations
        if case .written(let file, let line) = testCase.origin {
            self.file = file
            self.line = line
        }
    }
}
