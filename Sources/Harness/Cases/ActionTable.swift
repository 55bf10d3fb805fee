public import OpenAPI

/// The operations of a definition by the names that cases use.
public struct ActionTable: Sendable {
    /// One operation and its name.
    public struct Action: Sendable {
        /// The operation id, or verb and path where there is none.
        public var name: String
        /// The operation itself.
        public var operation: Operation

        /// Whether it changes nothing at the backend, by its verb.
        public var isRead: Bool { ["get", "head", "options"].contains(operation.method) }
    }

    /// All actions, in document order.
    public let actions: [Action]
    private let byName: [String: Int]

    /// Reads the names of a definition's operations; of two with one name the first counts.
    public init(_ definition: APIDefinition) {
        actions = definition.operations.map { operation in
            let id = operation.operationID.flatMap { $0.isEmpty ? nil : $0 }
            return Action(name: id ?? operation.label, operation: operation)
        }
        byName = Dictionary(
            actions.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// The action with the name.
    public subscript(_ name: String) -> Action? { byName[name].map { actions[$0] } }

    /// The actions that tests are asked to reach: all but triggers.
    public var testable: [Action] { actions.filter { !$0.operation.isTrigger } }
}
