import Documents

/// Where almrun runs, as far as its output depends on it.
public enum Surroundings: Sendable, Hashable {
    case terminal
    case plain
    case gitHubActions
    case azurePipelines

    /// Told from the variables that the services set (GitHub: `GITHUB_ACTIONS`; Azure Pipelines: `TF_BUILD`).
    public static func detect(environment: [String: String], isTerminal: Bool) -> Surroundings {
        if environment["GITHUB_ACTIONS"] == "true" { return .gitHubActions }
        if environment["TF_BUILD"]?.lowercased() == "true" { return .azurePipelines }
        return isTerminal ? .terminal : .plain
    }
}

extension Surroundings {
    /// Text of others as it may be shown: no control characters, and nothing that a CI service takes for a command.
    ///
    /// Azure Pipelines acts on `##vso[` and `##[` anywhere in a line (logging commands), GitHub on `::` at its beginning.
    public func harmless(_ text: String) -> String {
        let safe = text.split(separator: "\n", omittingEmptySubsequences: false).map { safeText(String($0)) }
            .joined(separator: "\n")
        switch self {
        case .terminal, .plain: return safe
        case .gitHubActions, .azurePipelines:
            return safe.replacing("##vso[", with: "## vso[").replacing("##[", with: "## [")
        }
    }
}
