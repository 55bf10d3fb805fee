import Documents

/// Reads a flow: its element, and the definition that the element names.
enum WorkflowReader {
    static func read(_ element: XMLElement, _ payload: [String: Source], _ problems: inout [Diagnostic]) -> Workflow {
        let file = element.text(of: "JsonFileName").map { String($0.trimmingPrefix("/")) }
        let id = element.attribute("WorkflowId").map(SolutionManifest.identifier)
        if id == nil {
            problems.append(
                Diagnostic("solution/workflow", "a workflow needs a 'WorkflowId'", at: element.tagLocation))
        }
        var workflow = Workflow(
            id: id ?? "", name: element.attribute("Name") ?? "", uniqueName: element.text(of: "UniqueName"), file: file,
            category: element.text(of: "Category").flatMap { Int($0) }, isOn: element.text(of: "StateCode") == "1",
            connections: [], operations: [], variables: [], location: element.tagLocation)
        guard let file, let source = payload[file] else { return workflow }
        let (document, diagnostics) = Document.read(bytes: source.bytes, file: source.name, syntax: .json)
        guard let properties = document?.root["properties"] else {
            problems +=
                document == nil
                ? diagnostics.filter { $0.severity == .error }
                : [
                    Diagnostic(
                        "solution/workflow", "this is not a flow: it has no 'properties'", at: document?.root.location)
                ]
            return workflow
        }
        for member in properties["connectionReferences"]?.members.map({ $0 }) ?? [] {
            let api = member.value["api"]
            let name = member.value["connection"]?["connectionReferenceLogicalName"]
            workflow.connections.append(
                Workflow.Connection(
                    key: member.key, logicalName: name?.string, apiName: api?["name"]?.string,
                    connectorName: api?["logicalName"]?.string,
                    location: name?.location ?? member.value.location))
        }
        for parameter in properties["definition"]?["parameters"]?.members.map({ $0 }) ?? [] {
            if let name = parameter.value["metadata"]?["schemaName"], let text = name.string {
                workflow.variables.append(Workflow.Variable(schemaName: text, location: name.location))
            }
        }
        if let definition = properties["definition"] { collect(definition, into: &workflow.operations) }
        return workflow
    }

    /// Finds every use of a connection: an object `host` with a connection name and an operation.
    private static func collect(_ node: Node, into operations: inout [Workflow.Operation]) {
        var stack = [node]
        while let next = stack.popLast() {
            for member in next.members {
                if member.key == "host", let connection = member.value["connectionName"]?.string,
                    let operation = member.value["operationId"], let id = operation.string
                {
                    operations.append(
                        Workflow.Operation(connection: connection, operationID: id, location: operation.location))
                }
                if member.value.count > 0 { stack.append(member.value) }
            }
            stack += next.elements.filter { $0.count > 0 }
        }
        operations.sort { ($0.location?.range.lowerBound ?? 0) < ($1.location?.range.lowerBound ?? 0) }
    }
}
