import Documents
import OpenAPI

/// The shape that a definition gives to its errors: the schema that most of its documented errors have.
struct ErrorEnvelope: Sendable {
    /// The schema, or nil where no error has one.
    let schema: Node?

    init(_ definition: APIDefinition) {
        var counts: [Node: Int] = [:]
        var order: [Node] = []
        for operation in definition.operations {
            for response in operation.responses where ["4", "5"].contains(response.status.prefix(1)) {
                guard let media = RequestBuilder.preferred(response.media), let schema = media.schema else { continue }
                let node = definition.resolve(schema)
                if counts[node] == nil { order.append(node) }
                counts[node, default: 0] += 1
            }
        }
        let best = order.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) }
        // One use is no convention.
        schema = best.flatMap { (counts[$0] ?? 0) > 1 ? $0 : nil }
    }
}
