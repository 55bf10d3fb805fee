import Documents

/// The work of one lint run: paths are followed, functions called, findings collected.
struct LintRun {
    private let rules: [Rule]
    private let context: LintContext
    var findings: [Finding] = []
    private var seen: Set<Key> = []

    private struct Key: Hashable {
        var rule: Int
        var pointer: String
        var message: String
    }

    init(_ rules: [Rule], in context: LintContext) {
        self.rules = rules
        self.context = context
    }

    mutating func run() {
        for resolved in [true, false] {
            var paths: [JSONPath] = []
            var users: [[Int]] = []
            var positions: [String: Int] = [:]
            for (index, rule) in rules.enumerated() where rule.isResolved == resolved {
                for given in rule.given
                where given.formats.isEmpty || !given.formats.isDisjoint(with: context.formats) {
                    if !given.path.isDownward {
                        let query = JSONPathQuery(context: context, followsReferences: resolved)
                        for place in query.matches(of: given.path, from: context.document.root) {
                            apply(index, given.path, place.site, place.value, place.key)
                        }
                    } else if let position = positions[given.path.text] {
                        if !users[position].contains(index) { users[position].append(index) }
                    } else {
                        positions[given.path.text] = paths.count
                        paths.append(given.path)
                        users.append([index])
                    }
                }
            }
            if paths.isEmpty { continue }
            var traversal = PathTraversal(paths, in: context, followsReferences: resolved)
            traversal.run { match in
                for rule in users[match.path] { apply(rule, paths[match.path], match.site, match.value, match.key) }
            }
        }
    }

    private mutating func apply(_ rule: Int, _ path: JSONPath, _ site: Node, _ value: Node, _ key: String?) {
        var target = Target(value: value, site: site, property: key)
        for modifier in path.modifiers {
            switch modifier {
            case .key:
                guard let name = target.property ?? context.key(of: target.site) else { return }
                target.name = name
            case .parent:
                guard let parent = context.parent(of: target.site) else { return }
                let key = context.key(of: parent)
                target = Target(
                    value: rules[rule].isResolved ? context.resolve(parent) : parent, site: parent, property: key)
            }
        }
        for step in rules[rule].steps {
            for target in targets(of: step.field, from: target) {
                for remark in step.function.check(target, context) { report(rule, remark, target) }
            }
        }
    }

    private func targets(of field: FieldPath, from target: Target) -> [Target] {
        guard let value = target.value, target.name == nil, value.kind == .object || value.kind == .array else {
            return [target]
        }
        switch field {
        case .whole: return [target]
        case .names:
            if value.kind == .array {
                return value.elements.enumerated().map { index, element in
                    Target(value: element, name: String(index), site: element, property: String(index))
                }
            }
            return value.members.map { Target(value: $0.value, name: $0.key, site: $0.value, property: $0.key) }
        case .members(let path): return [context.target(below: value, path)]
        case .query(let path):
            let query = JSONPathQuery(context: context, followsReferences: true)
            let places = query.matches(of: path, from: value)
            if places.isEmpty { return [Target(value: nil, site: value)] }
            return places.map { Target(value: $0.value, site: $0.site, property: $0.key) }
        }
    }

    private mutating func report(_ index: Int, _ remark: Remark, _ target: Target) {
        let rule = rules[index]
        var place = target
        if remark.node != nil || !remark.path.isEmpty {
            place = context.target(below: remark.node ?? context.node(of: target), remark.path)
        }
        if remark.keepsReference { place.value = place.site }
        let node = context.node(of: place)
        let pointer = Pointer(parts: context.path(of: node)).description
        let context = context
        let values = MessageTemplate.Values(
            error: remark.message, description: rule.description ?? "", path: { "#" + pointer },
            property: { context.property(of: place) ?? "" }, value: { place.script.text })
        let message = rule.message.map { $0.text(values) } ?? rule.description ?? remark.message
        guard seen.insert(Key(rule: index, pointer: pointer, message: message)).inserted else { return }
        findings.append(
            Finding(
                code: rule.code, severity: rule.severity, message: message,
                location: context.location(of: node, isAboutName: remark.isAboutName || place.name != nil),
                pointer: pointer, help: rule.page.fix.isEmpty ? nil : rule.page.fix))
    }
}
