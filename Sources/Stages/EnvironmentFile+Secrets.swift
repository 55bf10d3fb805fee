public import Engine
public import Pipelines

extension EnvironmentFile {
    /// What stages in the environment find of secrets: those of the process, and those of its own secrets file.
    public func secrets(beside known: Secrets, root: String) throws(StageFailure) -> Secrets {
        guard let secretsFile else { return known }
        return known.merging(try SecretsFile.read(secretsFile, in: root))
    }
}
