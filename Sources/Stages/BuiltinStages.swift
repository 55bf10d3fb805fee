import Documents
public import Engine
import OrderedCollections
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

    /// The kinds that make packages of files.
    public static var packers: Set<String> { Set(descriptions.filter(\.makesPackage).map(\.kind)) }

    /// Files that a stage reads besides those that its inputs name, relative to the root, as far as the plan says them.
    public static func companions(of step: Step, root: String) -> [String] {
        guard case .stage(let kind) = step.work, let stage = all.first(where: { $0.description.kind == kind }),
            case .map(let input) = step.input
        else { return [] }
        return (try? LocalExecutor.companions(stage, .map(input.compactMapValues(\.literal)), root)) ?? []
    }
}
