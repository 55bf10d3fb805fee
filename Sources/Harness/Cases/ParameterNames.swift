import Documents
import OpenAPI
import OrderedCollections

/// The names under which a case gives the values of one operation.
struct ParameterNames {
    let operation: Operation

    init(_ operation: Operation) { self.operation = operation }

    /// The name of the whole body: its own in 2.0, else `body`.
    var bodyName: String? { operation.body.flatMap { $0.formFields.isEmpty ? $0.name ?? "body" : nil } }

    /// Whether a value may be given under the name.
    func accepts(_ name: String) -> Bool {
        if operation.parameters.contains(where: { $0.name == name }) { return true }
        guard let body = operation.body else { return false }
        if body.formFields.contains(where: { $0.name == name }) { return true }
        return body.formFields.isEmpty && isBody(name)
    }

    /// Whether the name stands for the body or one of its properties.
    func isBody(_ name: String) -> Bool {
        guard let bodyName else { return false }
        return name == bodyName || name == "body" || name.hasPrefix("body/") || name.hasPrefix("\(bodyName)/")
    }

    /// Every name, the body's first properties included, for messages.
    func all(in definition: APIDefinition) -> [String] {
        var names = operation.parameters.map(\.name)
        guard let body = operation.body else { return names }
        names += body.formFields.map(\.name)
        if let bodyName {
            names.append(bodyName)
            if let schema = body.media.first?.schema {
                names += SchemaView(schema, in: definition).properties.map { "body/\($0.name)" }
            }
        }
        return names
    }

    /// The required names for which no value is given.
    func missing(from values: OrderedDictionary<String, Value>) -> [String] {
        var missing = operation.parameters.filter { $0.isRequired && values[$0.name] == nil }.map(\.name)
        guard let body = operation.body else { return missing }
        missing += body.formFields.filter { $0.isRequired && values[$0.name] == nil }.map(\.name)
        if body.isRequired, let bodyName, !values.keys.contains(where: isBody) { missing.append(bodyName) }
        return missing
    }

    /// Gives required parameters their defaults where nothing else is given, as the platform does for hidden ones.
    func fillDefaults(in values: inout OrderedDictionary<String, Value>) {
        for parameter in operation.parameters where parameter.isRequired && values[parameter.name] == nil {
            if let value = parameter.schema?["default"]?.value { values[parameter.name] = value }
        }
    }
}
