import Documents

/// The stages of one pipeline, or of one use of a template: the names that its references see.
final class Frame {
    /// How far the value of an input is.
    enum InputState {
        case resolving
        case done(Resolved?)
    }

    /// One stage, or one use of a template, with its item.
    final class Instance {
        let id: StepID
        let entry: Int
        let item: Scope.Item?
        /// The stages of the template.
        let child: Frame?

        init(id: StepID, entry: Int, item: Scope.Item?, child: Frame?) {
            self.id = id
            self.entry = entry
            self.item = item
            self.child = child
        }
    }

    /// Such as `template 'promote'`.
    let what: String
    /// What the ids of its steps begin with: nothing, or `prod/`.
    let prefix: String
    let entries: [StageEntry]
    let index: [String: Int]
    let inputs: [String: InputDeclaration]
    let inputNames: [String]
    let outputs: [String: Node]
    let outputNames: [String]
    /// Where the template is used; nil for a pipeline.
    let use: Scope?
    let useEntry: Int
    /// What stands under `with` there.
    let arguments: [String: Node]
    let isFinally: Bool
    /// The templates around and including this one, with the place of each use.
    let chain: [(template: String, location: Location)]

    var values: [String: InputState]
    var instances: [[Instance]?]
    var resolvingOutputs: Set<String> = []
    /// For each entry, the entries of this frame that it waits for.
    var dependencies: [Set<Int>]
    /// The conditions of the templates around.
    var condition: Condition?
    var conditionUses: [Resolved.Use] = []
    /// For each entry of a template use, what its `with` refers to.
    var argumentUses: [Resolved.Use] = []
    var pool: Pool?
    var ends: [StepID]?
    var outerEdges: [(step: StepID, location: Location)]?

    /// A pipeline.
    init(_ pipeline: Pipeline, values: [String: InputState]) {
        what = "pipeline '\(pipeline.name)'"
        prefix = ""
        entries = pipeline.entries
        index = Self.index(pipeline.entries)
        inputs = Self.index(pipeline.inputs)
        inputNames = pipeline.inputs.map(\.name)
        outputs = [:]
        outputNames = []
        use = nil
        useEntry = 0
        arguments = [:]
        isFinally = false
        chain = []
        self.values = values
        instances = Array(repeating: nil, count: entries.count)
        dependencies = Array(repeating: [], count: entries.count)
    }

    /// A use of a template, or a template by itself where there is no use.
    init(
        _ template: Template, prefix: String, use: Scope?, entry: Int = 0, arguments: [String: Node] = [:],
        values: [String: InputState] = [:], isFinally: Bool = false,
        chain: [(template: String, location: Location)]
    ) {
        what = "template '\(template.name)'"
        self.prefix = prefix
        entries = template.entries
        index = Self.index(template.entries)
        inputs = Self.index(template.inputs)
        inputNames = template.inputs.map(\.name)
        outputs = template.outputs
        outputNames = template.outputNames
        self.use = use
        useEntry = entry
        self.arguments = arguments
        self.isFinally = isFinally
        self.chain = chain
        self.values = values
        instances = Array(repeating: nil, count: entries.count)
        dependencies = Array(repeating: [], count: entries.count)
    }

    /// The entry of this frame that a step belongs to, nil for a step outside.
    func entry(of step: StepID) -> Int? {
        guard step.rawValue.hasPrefix(prefix) else { return nil }
        let name = step.rawValue.dropFirst(prefix.count).prefix { $0 != "/" && $0 != ":" }
        return index[String(name)]
    }

    private static func index(_ entries: [StageEntry]) -> [String: Int] {
        var index: [String: Int] = [:]
        for (position, entry) in entries.enumerated() where index[entry.name] == nil { index[entry.name] = position }
        return index
    }

    private static func index(_ inputs: [InputDeclaration]) -> [String: InputDeclaration] {
        var index: [String: InputDeclaration] = [:]
        for input in inputs where index[input.name] == nil { index[input.name] = input }
        return index
    }
}
