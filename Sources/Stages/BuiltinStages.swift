public import Engine
public import Pipelines

/// The stages that come with almrun; adding one is a line here, a folder beside this file and a test file.
public enum BuiltinStages {
    public static let all: [any Stage.Type] = [
        OpenAPILint.self,
        OpenAPIDiff.self,
        ConnectorTest.self,
        SolutionPack.self,
        ConnectionsRebind.self,
        SolutionPromote.self,
        GitTag.self,
        ShellRun.self,
    ]

    /// What planning and documentation know of all kinds, `approval.wait` with them.
    public static var descriptions: [StageDescription] { all.map { $0.description } + [.approvalWait] }
}
