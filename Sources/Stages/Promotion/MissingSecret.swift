public import Engine
import OrderedCollections
public import Pipelines

/// A secret that is bound in an environment and has no value in this process.
public struct MissingSecret: Sendable, Hashable {
    /// Lower case, no full stop.
    public var text: String
    /// How to set it.
    public var remedy: String

    /// Those among the connections and variables that a package binds in an environment, by name.
    ///
    /// - Parameters:
    ///   - uses: Whether the package has a connection reference or variable of that name.
    ///   - known: The secrets of the process.
    public static func all(
        boundBy file: EnvironmentFile, root: String, known: Secrets, where uses: (String) -> Bool
    ) -> [MissingSecret] {
        var bound = EnvironmentFile(name: file.name, target: .directory(path: ""))
        bound.connections = file.connections.filter { uses($0.key) }
        bound.variables = file.variables.filter { uses($0.key) }
        let names = bound.secretNames.sorted()
        guard !names.isEmpty else { return [] }
        let secrets: Secrets
        do throws(StageFailure) {
            secrets = try file.secrets(beside: known, root: root)
        } catch {
            return [MissingSecret(text: error.message, remedy: "almrun explain \(error.code)")]
        }
        let place = file.secretsFile.map { ", or write it into '\($0)'" } ?? ""
        return names.filter { !secrets.holds($0) }.map { name in
            MissingSecret(
                text: "secret '\(name)', which the environment's file names, has no value in this process",
                remedy: "export \(name)=... before `almrun run` or `almrun resume`\(place)")
        }
    }
}
