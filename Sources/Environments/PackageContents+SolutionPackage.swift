import FoundationEssentials
public import Solutions

extension PackageContents {
    /// What an environment needs to know of a package that was read.
    public init(_ package: SolutionPackage) {
        let prefix = package.manifest.publisher.prefix
        var components: [Component] = []
        for root in package.manifest.rootComponents {
            guard let id = root.id ?? root.schemaName else { continue }
            let flow = root.type == 29 ? package.workflows.first { $0.id == id } : nil
            let connector = package.connectors.first { $0.id != nil && $0.id == root.id }
            components.append(
                Component(
                    kind: root.typeName, name: flow?.name ?? root.schemaName ?? connector?.name ?? id,
                    id: id.lowercased()))
        }
        components += package.connectionReferences.map { Component(kind: "connection reference", name: $0.logicalName) }
        self.init(
            solution: package.name, version: package.version.description, isManaged: package.isManaged,
            digest: package.digest, bytes: Data(package.bytes), components: components,
            connectionReferences: package.connectionReferences.map {
                ConnectionReference(logicalName: $0.logicalName, connector: $0.connectorID ?? "")
            },
            variables: package.environmentVariables.map {
                Variable(schemaName: $0.schemaName, defaultValue: $0.defaultValue, packagedValue: $0.packagedValue)
            },
            flows: package.workflows.map { flow in
                Flow(
                    id: flow.id, name: flow.name,
                    otherNames: [flow.uniqueName, "\(prefix)_\(flow.name)"].compactMap { $0 },
                    isOn: flow.isOn, connectionReferences: Set(flow.connections.compactMap(\.logicalName)).sorted())
            })
    }
}
