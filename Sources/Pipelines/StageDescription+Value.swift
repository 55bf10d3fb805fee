public import Documents
import OrderedCollections

extension StageDescription {
    /// All about the kind, for programs.
    public var value: Value {
        [
            "kind": .string(kind), "effect": .string(effect.rawValue), "environment": .string(environment.rawValue),
            "summary": .string(summary), "details": .string(details), "inputs": .list(inputs.map(\.value)),
            "outputs": .list(outputs.map(\.value)), "example": .string(example),
        ]
    }
}

extension StageDescription.Field {
    /// The field, for programs.
    public var value: Value {
        var value: Value = [
            "name": .string(name), "type": .string(type.description), "required": .boolean(isRequired),
            "summary": .string(summary),
        ]
        if let defaultValue { value["default"] = defaultValue }
        return value
    }
}
