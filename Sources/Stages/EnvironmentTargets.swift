public import Engine
public import Environments
public import Pipelines

/// The real places that environment files name.
public enum EnvironmentTargets {
    /// The embedded environment of a file with `kind: directory`; others are not served by this version.
    public static func directory(
        _ environment: EnvironmentFile, root: String, secrets: Secrets = Secrets()
    ) throws(StageFailure) -> DirectoryEnvironment {
        switch environment.target {
        case .directory(let path):
            let real = try RepositoryPath.resolve(path, in: root)
            // A link may lead where the file does not say.
            let top = try RepositoryPath.resolve(".", in: root)
            if let objection = TargetPath.objection(to: "./" + real.dropFirst(top.count)) {
                throw StageFailure(
                    .broken, "environment/target-path",
                    "the folder of environment '\(environment.name)', '\(path)', \(objection)",
                    notes: ["name another one, \(TargetPath.help(for: environment.name))"])
            }
            return DirectoryEnvironment(
                path: real, reveal: { try secrets.reveal($0) })
        case .dataverse(let url, _, _):
            throw StageFailure(
                .broken, "environment/unsupported-target",
                "environment '\(environment.name)' is the Dataverse environment \(url), which this version cannot reach",
                notes: ["use a target of kind 'directory' to rehearse the promotion"])
        }
    }
}
