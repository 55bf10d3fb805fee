public import Documents
public import OpenAPI

/// Judges values by schemas of a definition: what is wrong, and where.
public struct SchemaValidator: Sendable {
    /// Which way a value travels: read-only properties are not sent, write-only ones are not answered.
    public enum Direction: Sendable { case request, response }

    let definition: APIDefinition
    let direction: Direction
    let issueLimit: Int

    /// A judge for values that travel in one direction; it stops after `issueLimit` issues.
    public init(_ definition: APIDefinition, direction: Direction = .response, issueLimit: Int = 20) {
        self.definition = definition
        self.direction = direction
        self.issueLimit = issueLimit
    }

    /// Everything that is wrong with the value, up to the limit.
    public func issues(in value: Value, against schema: Node) -> [SchemaIssue] {
        var judgement = SchemaJudgement(validator: self)
        judgement.judge(value, schema, at: [], depth: 0)
        return judgement.issues
    }

    /// Whether nothing is wrong with the value.
    public func accepts(_ value: Value, as schema: Node) -> Bool {
        var judgement = SchemaJudgement(validator: SchemaValidator(definition, direction: direction, issueLimit: 1))
        judgement.judge(value, schema, at: [], depth: 0)
        return judgement.issues.isEmpty
    }
}
