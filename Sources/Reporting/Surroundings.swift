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
