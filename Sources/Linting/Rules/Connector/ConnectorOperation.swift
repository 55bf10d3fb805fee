import Documents

/// One operation of a connector's definition, with its parameters resolved.
struct ConnectorOperation {
    struct Parameter {
        /// Where the operation names it: possibly a reference.
        var site: Node
        var node: Node
        var name: String
        var place: String

        var isRequired: Bool { node["required"]?.boolean == true }
        var isInternal: Bool { node["x-ms-visibility"]?.string == "internal" }
    }

    var path: String
    var method: String
    var node: Node
    var item: Node
    var id: String?
    var parameters: [Parameter]

    var isTrigger: Bool { node["x-ms-trigger"] != nil }
    var isInternal: Bool { node["x-ms-visibility"]?.string == "internal" }
    /// The id, or the method and path, as messages name it.
    var title: String { id ?? "\(method.uppercased()) \(path)" }

    static func all(in context: LintContext) -> [ConnectorOperation] {
        OASRules.operations(context).map { path, method in
            let node = context.resolve(method.value)
            let item = context.resolve(path.value)
            var parameters: [Parameter] = []
            for holder in [node, item] {
                for element in holder["parameters"].map({ Array($0.elements) }) ?? [] {
                    let parameter = context.resolve(element)
                    guard let name = parameter["name"]?.string else { continue }
                    let place = parameter["in"]?.string ?? ""
                    if parameters.contains(where: { $0.name == name && $0.place == place }) { continue }
                    parameters.append(Parameter(site: element, node: parameter, name: name, place: place))
                }
            }
            return ConnectorOperation(
                path: path.key, method: method.key, node: node, item: item, id: node["operationId"]?.string,
                parameters: parameters)
        }
    }

    /// The successful responses, `default` not among them.
    func successes(_ context: LintContext) -> [(status: String, node: Node)] {
        (node["responses"].map { Array($0.members) } ?? []).compactMap { member in
            guard let status = Int(member.key), (200..<300).contains(status) else { return nil }
            return (member.key, context.resolve(member.value))
        }
    }
}
