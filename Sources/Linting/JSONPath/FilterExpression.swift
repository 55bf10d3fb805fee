import Documents

/// The condition between `[?(` and `)]`: the part of JavaScript that published rulesets use.
indirect enum FilterExpression: Sendable {
    case literal(ScriptValue)
    case current
    case root
    case property
    case parent
    case parentProperty
    case path
    case shorthand(String)
    case member(FilterExpression, FilterExpression)
    case call(FilterExpression, String, [FilterExpression])
    case not(FilterExpression)
    case negative(FilterExpression)
    case typeName(FilterExpression)
    case void(FilterExpression)
    case binary(String, FilterExpression, FilterExpression)
    case choice(FilterExpression, FilterExpression, FilterExpression)
    case list([FilterExpression])

    init(_ source: String) throws(JSONPathError) {
        var parser = FilterParser(source)
        self = try parser.whole()
    }

    /// What a filter sees of the child it judges.
    struct Subject {
        var value: Node
        var key: String
        var site: Node
        var context: LintContext
    }

    /// Thrown where JavaScript throws, for example for a member of null; such a child does not match.
    struct Failure: Error {}

    func accepts(_ subject: Subject) -> Bool {
        do { return try evaluate(subject).isTrue } catch { return false }
    }

    func evaluate(_ subject: Subject) throws(Failure) -> ScriptValue {
        switch self {
        case .literal(let value): return value
        case .current: return ScriptValue(subject.value)
        case .root: return ScriptValue(subject.context.document.root)
        case .property: return .text(subject.key)
        case .parent: return ScriptValue(subject.context.parent(of: subject.site))
        case .parentProperty:
            guard let parent = subject.context.parent(of: subject.site) else { return .undefined }
            return subject.context.key(of: parent).map { .text($0) } ?? .undefined
        case .path:
            let parts = subject.context.path(of: subject.site)
            return .text("$" + parts.map { "['\($0)']" }.joined())
        case .shorthand(let name): return .boolean(FilterExpression.isKind(name, subject.value))
        case .member(let base, let name):
            return try FilterExpression.member(
                of: try base.evaluate(subject), named: try name.evaluate(subject), subject)
        case .call(let base, let name, let arguments):
            var values: [ScriptValue] = []
            for argument in arguments { values.append(try argument.evaluate(subject)) }
            return try FilterExpression.call(name, on: try base.evaluate(subject), values)
        case .not(let inner): return .boolean(!(try inner.evaluate(subject).isTrue))
        case .negative(let inner): return .number(-(try inner.evaluate(subject).number))
        case .typeName(let inner): return .text(FilterExpression.typeName(of: try inner.evaluate(subject)))
        case .void: return .undefined
        case .binary(let sign, let left, let right): return try FilterExpression.combine(sign, left, right, subject)
        case .choice(let condition, let yes, let no):
            return try condition.evaluate(subject).isTrue ? try yes.evaluate(subject) : try no.evaluate(subject)
        case .list(let items):
            var values: [ScriptValue] = []
            for item in items { values.append(try item.evaluate(subject)) }
            return .list(values)
        }
    }
}
