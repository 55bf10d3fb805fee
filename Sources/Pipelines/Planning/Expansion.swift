import Documents
import OrderedCollections

/// Puts templates, items and inputs into a pipeline, stage by stage; what is wrong goes to the library's problems.
final class Expansion {
    /// More steps than this are a mistake, such as templates that multiply.
    static let stepLimit = 50_000

    let library: Library
    var problems: Problems { library.problems }
    var drafts: [Draft] = []
    var positions: [StepID: Int] = [:]
    /// What stages read and what is not there when the plan is made.
    var missingFiles: [MissingFile] = []
    /// Which evidence was already said not to be about a package.
    var toldUnrelated: Set<String> = []

    /// The name of the pipeline; nil where a template is looked at by itself.
    var pipeline: String?

    /// Whether a template is looked at by itself.
    var isAlone = false

    init(library: Library) { self.library = library }

    /// Adds the stages of a frame and of the templates in it.
    func expand(_ frame: Frame) {
        if drafts.isEmpty { drafts.reserveCapacity(frame.entries.count) }
        for entry in frame.entries.indices {
            for instance in instances(of: entry, in: frame) {
                guard drafts.count < Self.stepLimit else {
                    problems.report(
                        "too-many-steps", "the pipeline has more than \(Self.stepLimit) steps",
                        at: frame.entries[entry].keyNode.location)
                    return
                }
                if let child = instance.child {
                    expandTemplate(child, instance, in: frame)
                } else if case .stage(let kind, let node) = frame.entries[entry].action {
                    expandStage(kind, at: node, instance, in: frame)
                }
            }
        }
    }

    /// The instances of an entry: one, or one for each item.
    func instances(of entry: Int, in frame: Frame) -> [Frame.Instance] {
        if let known = frame.instances[entry] { return known }
        // A forEach whose items lead back to itself finds nothing here.
        frame.instances[entry] = []
        let stage = frame.entries[entry]
        let scope = Scope(frame: frame, isFinally: frame.isFinally || stage.isFinally)
        var instances: [Frame.Instance] = []
        if let forEach = stage.forEach {
            for (label, item) in items(forEach, scope, of: stage) {
                let id = StepID("\(frame.prefix)\(stage.name):\(label)")
                let item = Scope.Item(name: forEach.name, value: item)
                if let instance = instance(id, entry, item, in: frame) { instances.append(instance) }
            }
        } else if let instance = instance(StepID(frame.prefix + stage.name), entry, nil, in: frame) {
            instances.append(instance)
        }
        frame.instances[entry] = instances
        return instances
    }

    private func instance(_ id: StepID, _ entry: Int, _ item: Scope.Item?, in frame: Frame) -> Frame.Instance? {
        let stage = frame.entries[entry]
        guard case .template(let name, let node) = stage.action else {
            return Frame.Instance(id: id, entry: entry, item: item, child: nil)
        }
        guard let template = library.template(name, at: node) else { return nil }
        if let start = frame.chain.firstIndex(where: { $0.template == name }) {
            let cycle = frame.chain[start...]
            let names = cycle.map(\.template) + [name]
            problems.report(
                "template-cycle", "templates use one another in a circle: \(names.joined(separator: " -> "))",
                at: node.location,
                notes: cycle.dropFirst().map {
                    Diagnostic.Note("template '\($0.template)' is used here", at: $0.location)
                })
            return nil
        }
        var arguments: [String: Node] = [:]
        for member in stage.with { arguments[member.key] = member.value }
        let isFinally = frame.isFinally || stage.isFinally
        let child = Frame(
            template, prefix: id.rawValue + "/", use: Scope(frame: frame, item: item, isFinally: isFinally),
            entry: entry, arguments: arguments, isFinally: isFinally, chain: frame.chain + [(name, node.location)])
        return Frame.Instance(id: id, entry: entry, item: item, child: child)
    }

    private func expandTemplate(_ child: Frame, _ instance: Frame.Instance, in frame: Frame) {
        let entry = frame.entries[instance.entry]
        let scope = Scope(frame: frame, item: instance.item, isFinally: child.isFinally)
        for member in entry.with where child.inputs[member.key] == nil {
            problems.unknown(
                "unknown-input", "\(child.what) has no input '\(member.key)'", word: member.key,
                among: child.inputNames, at: member.keyNode.location)
        }
        if case .template(_, let node) = entry.action {
            for name in child.inputNames where child.inputs[name]?.isRequired == true && child.arguments[name] == nil {
                problems.report(
                    "missing-input", "input '\(name)' of \(child.what) is missing", at: node.location,
                    notes: [Diagnostic.Note("it is declared here", at: child.inputs[name]?.keyNode.location)])
            }
            problems.trail.append(Diagnostic.Note("in '\(instance.id)'", at: node.location))
        }
        defer { problems.trail.removeLast() }
        child.condition = frame.condition
        child.conditionUses = frame.conditionUses
        child.pool = pool(entry, scope) ?? frame.pool
        if let when = entry.when, let (condition, uses) = condition(when, scope) {
            child.condition = child.condition.map { both($0, condition) } ?? condition
            child.conditionUses += uses
            note(uses, of: instance.entry, in: frame)
        }
        for name in child.inputNames {
            guard let value = input(name, of: child) else { continue }
            child.argumentUses += value.uses
            note(value.uses, of: instance.entry, in: frame)
        }
        noteNeeds(instance.entry, in: frame)
        expand(child)
        for name in child.outputNames { _ = output(name, of: child) }
    }

    /// Remembers which entries of a frame an entry waits for because of references.
    func note(_ uses: [Resolved.Use], of entry: Int, in frame: Frame) {
        for use in uses {
            if let other = frame.entry(of: use.step) { frame.dependencies[entry].insert(other) }
        }
    }

    func noteNeeds(_ entry: Int, in frame: Frame) {
        for node in frame.entries[entry].needs {
            guard let name = node.string?.split(separator: "/").first, let other = frame.index[String(name)] else {
                continue
            }
            frame.dependencies[entry].insert(other)
        }
    }

    func pool(_ entry: StageEntry, _ scope: Scope) -> Pool? {
        guard let node = entry.maxParallel, entry.forEach != nil else { return nil }
        let what = "'maxParallel' of stage '\(entry.name)'"
        guard let value = evaluate(node, as: .integer, scope.planned(what), what), let width = value.literal?.integer
        else { return nil }
        guard width >= 1 else {
            problems.report("max-parallel", "\(what) must be at least 1, not \(width)", at: node.location)
            return nil
        }
        return Pool(name: scope.frame.prefix + entry.name, width: width)
    }

    /// The items of a `forEach` with a label for each.
    private func items(_ forEach: StageEntry.ForEach, _ scope: Scope, of entry: StageEntry) -> [(String, Resolved)] {
        let what = "'forEach' of stage '\(entry.name)'"
        let scope = scope.planned(what)
        let node = forEach.items
        let values: [Value]
        var type = ValueType.any
        if node.kind == .string {
            guard let value = evaluate(node, as: .any, scope, what) else { return [] }
            guard value.isKnown else {
                if case .list(let element) = value.type { type = element }
                return [("item", .unknown(type))]
            }
            switch value.literal {
            case .list(let elements)?:
                values = elements
                if case .list(let element) = value.type { type = element }
            case .string(let pattern)?:
                guard problems.isInside(pattern, node) else { return [] }
                let matches = library.files.matches(pattern)
                if matches.isEmpty {
                    problems.report("no-match", "nothing in the repository matches '\(pattern)'", at: node.location)
                }
                values = matches.map { .string($0) }
                type = .path
            default:
                problems.report("type", "\(what) must be a list or a pattern of paths", at: node.location)
                return []
            }
        } else {
            guard let elements = problems.elements(node, what) else { return [] }
            let resolved = elements.compactMap { evaluate($0, as: .any, scope, "an item of \(what)") }
            guard resolved.count == elements.count else { return [] }
            guard resolved.allSatisfy(\.isKnown) else { return [("item", .unknown(.any))] }
            values = resolved.compactMap(\.literal)
            if let first = resolved.first?.type, resolved.allSatisfy({ $0.type == first }) { type = first }
        }
        let labels = labels(of: values)
        return zip(labels, values).map { ($0, Resolved(argument: .plain($1), type: type)) }
    }

    /// Short names of items: the last part of a path, or the whole of it where last parts are the same; the `name` of a map.
    private func labels(of values: [Value]) -> [String] {
        let texts = values.enumerated().map { index, value in
            switch value {
            case .string(let text): text
            case .integer(let number): String(number)
            case .map(let members): members["name"]?.string ?? String(index + 1)
            default: String(index + 1)
            }
        }
        let short = texts.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        let chosen = Set(short).count == short.count ? short : texts
        var used: [String: Int] = [:]
        return chosen.map { text in
            let clean = String(
                decoding: text.utf8.map { byte in
                    Problems.isLetter(byte) || Problems.isDigit(byte) || byte == UInt8(ascii: "_")
                        ? byte : UInt8(ascii: "-")
                }, as: UTF8.self)
            let count = used[clean, default: 0] + 1
            used[clean] = count
            return count == 1 ? clean : "\(clean)-\(count)"
        }
    }
}
