import Documents

/// How much a validation has done, so that schemas that refer to themselves end.
final class SchemaWork {
    private struct Pair: Hashable {
        var value: Node
        var schema: Node
    }

    private var open: Set<Pair> = []
    private var stepsLeft = 100_000

    /// False where a value is being judged by the same schema already, or everything took too long.
    func begin(_ value: Node, _ schema: Node) -> Bool {
        guard stepsLeft > 0, open.insert(Pair(value: value, schema: schema)).inserted else { return false }
        stepsLeft -= 1
        return true
    }

    func end(_ value: Node, _ schema: Node) { open.remove(Pair(value: value, schema: schema)) }
}
