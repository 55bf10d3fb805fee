import Engine
import Environments
import Pipelines
import RunStorage
import Stages

extension Workspace {
    /// The packages that the embedded environments know; throws when one of them cannot be read.
    func deployedPackages() async throws -> DeployedPackages {
        var packages = DeployedPackages()
        for file in try environments(named: nil) {
            guard case .directory = file.target else { continue }
            let state = try await EnvironmentTargets.directory(file, root: root).state()
            for solution in state.solutions.values {
                packages.needed.insert(solution.digest)
                packages.known.formUnion(solution.layers.map(\.digest))
                // The installed one, and the one before it.
                packages.needed.formUnion(
                    state.verifiedDeployments(of: solution.solution).prefix(2).map(\.digest))
            }
            packages.known.formUnion(state.operations.map(\.digest))
        }
        packages.known.formUnion(packages.needed)
        return packages
    }

    /// The folders of the embedded environments.
    func environmentFolders() throws -> [String] {
        try environments(named: nil).compactMap { file in
            guard case .directory = file.target else { return nil }
            return try EnvironmentTargets.directory(file, root: root).path
        }
    }
}
