public import Documents

/// Findings as log commands that a CI service turns into annotations at the line.
public struct Annotations: Sendable {
    public var surroundings: Surroundings

    public init(_ surroundings: Surroundings) { self.surroundings = surroundings }

    /// The log command for a finding, or nil where the service has none.
    public func line(_ finding: Finding) -> String? {
        switch surroundings {
        case .gitHubActions: gitHub(finding)
        case .azurePipelines: azure(finding)
        case .terminal, .plain: nil
        }
    }

    private func gitHub(_ finding: Finding) -> String {
        let command =
            switch finding.severity {
            case .error: "error"
            case .warning: "warning"
            case .information, .hint: "notice"
            }
        var properties: [String] = []
        if let file = finding.file { properties.append("file=\(Self.gitHubProperty(safeText(file)))") }
        if let line = finding.line { properties.append("line=\(line)") }
        if let line = finding.endLine { properties.append("endLine=\(line)") }
        if let column = finding.column { properties.append("col=\(column)") }
        if let column = finding.endColumn, finding.endLine == finding.line { properties.append("endColumn=\(column)") }
        properties.append("title=\(Self.gitHubProperty(safeText(finding.code)))")
        return "::\(command) \(properties.joined(separator: ","))::\(Self.gitHubData(safeLines(finding.message)))"
    }

    private func azure(_ finding: Finding) -> String? {
        let type: String
        switch finding.severity {
        case .error: type = "error"
        case .warning: type = "warning"
        case .information, .hint: return nil
        }
        var properties = ["type=\(type)"]
        if let file = finding.file { properties.append("sourcepath=\(Self.azureProperty(safeText(file)))") }
        if let line = finding.line { properties.append("linenumber=\(line)") }
        if let column = finding.column { properties.append("columnnumber=\(column)") }
        properties.append("code=\(Self.azureProperty(safeText(finding.code)))")
        return "##vso[task.logissue \(properties.joined(separator: ";"))]\(Self.oneLine(safeLines(finding.message)))"
    }

    /// GitHub's escapes of a message (actions/toolkit, command.ts: `escapeData`).
    static func gitHubData(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    /// GitHub's escapes of a property (actions/toolkit, command.ts: `escapeProperty`).
    static func gitHubProperty(_ text: String) -> String {
        gitHubData(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }

    /// Azure's escapes of a property (azure-pipelines-task-lib, taskcommand.ts).
    static func azureProperty(_ text: String) -> String {
        text.replacing("%", with: "%AZP25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
            .replacing("]", with: "%5D").replacing(";", with: "%3B")
    }

    private static func oneLine(_ text: String) -> String {
        text.replacing("%", with: "%AZP25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
}
