public import Documents
public import Engine
import Environments
import Foundation
public import Pipelines
import Solutions

/// Binds a package's connection references and environment variables for one environment, after proving the binding complete.
public struct ConnectionsRebind: Stage {
    public struct Input: Decodable, Sendable {
        public var package: PackageReference
        public var unused: String?
    }

    public struct Output: Codable, Sendable, Hashable {
        public var settings: Value
        public var bindings: [String]
    }

    public static let description = StageDescription(
        kind: "connections.rebind", effect: .none, environment: .reads,
        summary: "binds a package's connection references and environment variables for one environment",
        details: """
            Reads `connections`, `variables` and `flows` of the environment's file and compares them with what the package contains. \
            All problems are reported at once, each with its place in the environment's file:

            - a connection reference without a connection, a variable with neither a value nor a default;
            - a binding that the package has no use for, with the name that was probably meant;
            - a connection of another connector than the reference's;
            - a connection that belongs to another environment;
            - an empty value, a value that does not fit the variable's type, a placeholder that nobody replaced \
            (`__X__`, `#{X}#`, `${X}`, `<...>`).

            A variable that the file does not name and that has a default in the package is a warning with that value. Secrets stay `${{ secrets.NAME }}` in the result and are put in \
            only where they are installed.
            """,
        inputs: [
            .init("package", .package, required: true, "the package, as `solution.pack` gives it"),
            .init(
                "unused", .choice(["error", "warning"]), default: "error",
                "what a binding is that this package has no use for; `warning` where one environment serves several solutions"
            ),
        ],
        outputs: [
            .init("settings", .any, "deployment settings: `EnvironmentVariables` and `ConnectionReferences`"),
            .init("bindings", .list(.string), "what is bound to what, and where that was said"),
        ],
        example: """
            rebind:
              uses: connections.rebind
              environment: test
              with:
                package: ${{ stages.pack.package }}
            """)

    public init() {}

    public func run(_ input: Input, in context: StageContext) async throws -> Output {
        guard let environment = context.environment else {
            throw StageFailure(.broken, "binding/no-environment", "step '\(context.step.id)' names no environment")
        }
        let bytes = Array(try context.objects.read(input.package.digest))
        let (root, files, secrets) = (context.root, context.environments, context.secrets)
        let name = "\(input.package.solution).zip"
        let rebinding = try await blocking {
            try Rebinding.preflight(
                SolutionPackage(bytes: bytes, file: name).contents, for: environment, among: files, root: root,
                unused: input.unused == "warning" ? .warning : .error, secrets: secrets)
        }
        for diagnostic in rebinding.diagnostics { context.emit(.finding(Finding(diagnostic))) }
        for line in rebinding.lines { context.log(line) }
        return Output(settings: rebinding.settings.value, bindings: rebinding.lines)
    }
}
