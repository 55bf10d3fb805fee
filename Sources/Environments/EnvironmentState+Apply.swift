import FoundationEssentials

extension EnvironmentState {
    /// What belongs to a solution alone and is not in its next package.
    func goneParts(
        of installed: InstalledSolution, after package: PackageContents
    ) -> (connectionReferences: Set<String>, variables: Set<String>, flows: Set<String>) {
        let others = solutions.values.filter { $0.solution != installed.solution }
        return (
            Set(installed.connectionReferences).subtracting(package.connectionReferences.map(\.logicalName))
                .subtracting(others.flatMap(\.connectionReferences)),
            Set(installed.variables).subtracting(package.variables.map(\.schemaName))
                .subtracting(others.flatMap(\.variables)),
            Set(installed.flows).subtracting(package.flows.map(\.id)).subtracting(others.flatMap(\.flows))
        )
    }

    /// The state after carrying a plan out, and what reading back should find.
    func applying(
        _ plan: DeploymentPlan, _ package: PackageContents, at time: Date, reveal: (String) throws -> String
    ) throws -> (state: EnvironmentState, expected: DeploymentReceipt.Expectation) {
        var next = self
        let before = solutions[package.solution]
        let isSame = before?.digest == package.digest
        if let before, plan.action == .upgrade {
            let gone = goneParts(of: before, after: package)
            for name in gone.connectionReferences { next.connectionReferences[name] = nil }
            for name in gone.variables { next.variables[name] = nil }
            for id in gone.flows { next.flows[id] = nil }
        }
        let keeps = plan.action == .update && !isSame ? before : nil
        func all<T: Hashable & Comparable>(_ new: [T], _ old: [T]?) -> [T] { Set(new).union(old ?? []).sorted() }
        next.solutions[package.solution] = InstalledSolution(
            solution: package.solution, version: package.version, isManaged: package.isManaged, digest: package.digest,
            installed: isSame ? before?.installed ?? time : time, layers: layers(plan, package, before, time),
            components: isSame ? before?.components ?? package.components : all(package.components, keeps?.components),
            connectionReferences: all(
                package.connectionReferences.map(\.logicalName),
                isSame ? before?.connectionReferences : keeps?.connectionReferences),
            variables: all(package.variables.map(\.schemaName), isSame ? before?.variables : keeps?.variables),
            flows: all(package.flows.map(\.id), isSame ? before?.flows : keeps?.flows))
        for reference in package.connectionReferences {
            let wanted = plan.desired.connections[reference.logicalName]
            var entry = next.connectionReferences[reference.logicalName] ?? .init(connector: reference.connector)
            if let wanted {
                entry = .init(
                    connector: wanted.connector ?? reference.connector,
                    connection: try StoredText(wanted.connection, key: key, reveal: reveal))
            }
            next.connectionReferences[reference.logicalName] = entry
        }
        for variable in package.variables {
            var entry = next.variables[variable.schemaName] ?? .init()
            entry.defaultValue = variable.defaultValue
            if let wanted = plan.desired.variables[variable.schemaName] {
                entry.value = try StoredText(wanted, key: key, reveal: reveal)
            }
            next.variables[variable.schemaName] = entry
        }
        for flow in package.flows {
            next.flows[flow.id] = Flow(
                name: flow.name, solution: package.solution, isOn: plan.desired.flows[flow.id] ?? flow.isOn)
        }
        let expected = DeploymentReceipt.Expectation(
            components: next.solutions[package.solution]?.components ?? [],
            connections: next.connectionReferences.filter { plan.desired.connections[$0.key] != nil },
            variables: next.variables.compactMapValues(\.value).filter { plan.desired.variables[$0.key] != nil },
            flows: plan.desired.flows)
        return (next, expected)
    }

    private func layers(
        _ plan: DeploymentPlan, _ package: PackageContents, _ before: InstalledSolution?, _ time: Date
    ) -> [InstalledSolution.Layer] {
        if let before, before.digest == package.digest { return before.layers }
        guard package.isManaged else {
            return [.init(kind: .unmanaged, version: package.version, digest: package.digest, installed: time)]
        }
        let kind: InstalledSolution.Layer.Kind = plan.action == .update ? .update : .base
        let layer = InstalledSolution.Layer(
            kind: kind, version: package.version, digest: package.digest, installed: time)
        return plan.action == .update ? (before?.layers ?? []) + [layer] : [layer]
    }

    /// What is not as an operation left it.
    func differences(from receipt: DeploymentReceipt) -> [Difference] {
        var found: [Difference] = []
        func compare(_ subject: String, _ expected: String, _ there: String?) {
            if there != expected {
                found.append(Difference(subject: subject, expected: expected, found: there ?? "missing"))
            }
        }
        let name = "solution \(receipt.solution)"
        guard let solution = solutions[receipt.solution] else {
            return [Difference(subject: name, expected: receipt.version, found: "missing")]
        }
        compare("version of \(name)", receipt.version, solution.version)
        compare(
            "kind of \(name)", receipt.isManaged ? "managed" : "unmanaged", solution.isManaged ? "managed" : "unmanaged"
        )
        compare("package of \(name)", receipt.digest, solution.digest)
        for component in Set(receipt.expected.components).symmetricDifference(solution.components).sorted() {
            let expected = receipt.expected.components.contains(component)
            found.append(
                Difference(
                    subject: "\(component)", expected: expected ? "present" : "missing",
                    found: expected ? "missing" : "present"))
        }
        for (name, wanted) in receipt.expected.connections.sorted(by: { $0.key < $1.key }) {
            let there = connectionReferences[name]
            compareText("connection reference \(name)", wanted.connection, there?.connection, &found)
            compare("connector of \(name)", wanted.connector, there?.connector)
        }
        for (name, wanted) in receipt.expected.variables.sorted(by: { $0.key < $1.key }) {
            compareText("environment variable \(name)", wanted, variables[name]?.value, &found)
        }
        for (id, wanted) in receipt.expected.flows.sorted(by: { $0.key < $1.key }) {
            compare("flow \(flows[id]?.name ?? id)", wanted ? "on" : "off", flows[id].map { $0.isOn ? "on" : "off" })
        }
        return found
    }

    private func compareText(
        _ subject: String, _ expected: StoredText?, _ there: StoredText?, _ found: inout [Difference]
    ) {
        guard expected != there else { return }
        let isHidden = expected?.text == there?.text
        found.append(
            Difference(
                subject: subject, expected: expected?.text ?? "nothing",
                found: isHidden ? "another value of the same secret" : there?.text ?? "missing"))
    }
}
