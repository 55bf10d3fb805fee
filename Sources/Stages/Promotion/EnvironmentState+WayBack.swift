import Environments
import Solutions

extension EnvironmentState {
    /// The command that brings a package back of which a newer one took the place here; nil where no rollback does.
    func wayBack(to digest: String, solution: String, version: String, in environment: String) -> String? {
        guard let installed = solutions[solution], let old = SolutionVersion(installed.version),
            let new = SolutionVersion(version), new < old,
            let choice = try? RollbackChoice(
                in: self, environment: environment, solution: solution, version: version),
            choice.target.digest == digest
        else { return nil }
        return RollbackChoice.command(environment, to: version, solution: solution)
    }
}
