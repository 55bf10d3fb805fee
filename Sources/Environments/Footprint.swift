/// The part of an environment that one deployment touches.
struct Footprint: Sendable, Hashable {
    var solution: String
    var connectionReferences: Set<String>
    var variables: Set<String>
    var flows: Set<String>

    init(of package: PackageContents, in state: EnvironmentState) {
        let installed = state.solutions[package.solution]
        solution = package.solution
        connectionReferences = Set(package.connectionReferences.map(\.logicalName))
            .union(installed?.connectionReferences ?? [])
        variables = Set(package.variables.map(\.schemaName)).union(installed?.variables ?? [])
        flows = Set(package.flows.map(\.id)).union(installed?.flows ?? [])
    }

    /// Changes exactly when that part of the environment changes.
    func fingerprint(in state: EnvironmentState) throws -> String {
        struct Part: Encodable {
            var version: String?
            var isManaged: Bool?
            var digest: String?
            var components: [PackageContents.Component]?
            var connectionReferences: [String: EnvironmentState.ConnectionReference]
            var variables: [String: EnvironmentState.Variable]
            var flows: [String: EnvironmentState.Flow]
        }
        let installed = state.solutions[solution]
        return try Digest.of(
            value: Part(
                version: installed?.version, isManaged: installed?.isManaged, digest: installed?.digest,
                components: installed?.components,
                connectionReferences: state.connectionReferences.filter { connectionReferences.contains($0.key) },
                variables: state.variables.filter { variables.contains($0.key) },
                flows: state.flows.filter { flows.contains($0.key) }))
    }
}
