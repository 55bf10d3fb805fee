import Documents
import OpenAPI

/// The same operation before and after, and where to put what is found.
struct OperationPair {
    let base: Operation
    let revision: Operation
    let baseDefinition: APIDefinition
    let revisionDefinition: APIDefinition
    let graph: SchemaGraph
    let options: ComparisonOptions
    let profile: ComparisonOptions.Profile
    let reference: OperationReference
    /// The names of path parameters before and after, by their position in the path.
    let pathParameters: [String: String]
    var collector: ChangeCollector

    init(_ base: Operation, _ revision: Operation, in comparer: DefinitionComparer, collector: ChangeCollector) {
        self.base = base
        self.revision = revision
        self.baseDefinition = comparer.base
        self.revisionDefinition = comparer.revision
        self.graph = comparer.graph
        self.options = comparer.options
        self.profile = comparer.profile
        self.reference = OperationReference(revision)
        self.collector = collector
        let old = PathTemplate(base.path).names
        let new = PathTemplate(revision.path).names
        self.pathParameters = Dictionary(zip(old, new).map { ($0, $1) }) { first, _ in first }
    }

    /// Adds a change of the operation.
    mutating func report(_ id: String, _ text: String, part: String? = nil, base: Node?, revision: Node?) {
        collector.add(id, text, part: part, in: reference, base: base, revision: revision)
    }

    /// Compares two schemas at a place and adds what counts there.
    mutating func compareSchemas(_ base: Node?, _ revision: Node?, at place: SchemaPlace) {
        guard let base, let revision, let start = graph.pair(base, revision) else { return }
        var walk = SchemaWalk(graph: graph, place: place, reference: reference)
        walk.run(from: start, into: &collector)
    }
}
