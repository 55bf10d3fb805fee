import Documents
public import OpenAPI
import OrderedCollections

/// Makes cases from a definition: one that must succeed for each action, and refusals where the definition documents them.
public struct CaseGenerator: Sendable {
    /// Which cases are made.
    public enum Scope: String, Sendable, CaseIterable, Codable {
        /// None: only the written ones run.
        case none
        /// One that must succeed for each action.
        case positive
        /// Those and the refusals.
        case all
    }

    /// An action for which no case was made, and why.
    public struct Skipped: Sendable, Hashable, Codable {
        /// The action.
        public var action: String
        /// Lower case, for people.
        public var reason: String
    }

    let definition: APIDefinition
    private let maker: SampleMaker
    private let validator: SchemaValidator

    /// A generator for one definition.
    public init(_ definition: APIDefinition) {
        self.definition = definition
        self.maker = SampleMaker(definition, direction: .request)
        self.validator = SchemaValidator(definition, direction: .request, issueLimit: 1)
    }

    /// The cases of the scope; an action with a written case that must succeed gets no generated one.
    public func cases(_ scope: Scope, besides written: [TestCase] = []) -> (cases: [TestCase], skipped: [Skipped]) {
        guard scope != .none else { return ([], []) }
        let covered = Set(written.filter { $0.expectation.isPositive && $0.skipReason == nil }.map(\.action))
        var cases: [TestCase] = []
        var skipped: [Skipped] = []
        var seen: Set<String> = []
        for action in ActionTable(definition).actions where seen.insert(action.name).inserted {
            if action.operation.isTrigger {
                skipped.append(
                    Skipped(action: action.name, reason: "it is a trigger: a call would start a subscription"))
                continue
            }
            switch values(for: action.operation) {
            case .failure(let reason): skipped.append(Skipped(action: action.name, reason: reason.text))
            case .success(let values):
                if !covered.contains(action.name) {
                    cases.append(
                        TestCase(name: "\(action.name) succeeds", action: action.name, parameters: values))
                }
                if scope == .all { cases += refusals(of: action, values) }
            }
        }
        return (cases, skipped)
    }

    private struct Reason: Error { var text: String }

    private func values(for operation: Operation) -> Result<OrderedDictionary<String, Value>, Reason> {
        var values: OrderedDictionary<String, Value> = [:]
        for parameter in operation.parameters {
            let examples = parameter.example.map { [$0] } ?? []
            let offers = parameter.schema.map { SchemaView($0, in: definition).offeredValues } ?? []
            guard parameter.isRequired || !examples.isEmpty else { continue }
            guard let value = maker.value(for: parameter.schema, preferring: examples + offers) ?? fallback(parameter)
            else { return .failure(Reason(text: "no value fits the required parameter '\(parameter.name)'")) }
            if let issue = problem(value, parameter.schema) {
                guard parameter.isRequired else { continue }
                return .failure(Reason(text: "the required parameter '\(parameter.name)' fits nothing: it \(issue)"))
            }
            if parameter.location == .path, value.string == "" {
                return .failure(Reason(text: "the path parameter '\(parameter.name)' may only be empty"))
            }
            values[parameter.name] = value
        }
        guard let body = operation.body else { return .success(values) }
        for field in body.formFields
        where field.isRequired || !SchemaView(field.node, in: definition).offeredValues.isEmpty {
            values[field.name] = field.isFile ? .string("sample") : maker.value(for: field.node) ?? .string("text")
        }
        if let name = ParameterNames(operation).bodyName {
            let media = RequestBuilder.preferred(body.media)
            guard let value = maker.value(for: media?.schema, preferring: media?.examples ?? []) else {
                if body.isRequired, media?.schema != nil {
                    return .failure(Reason(text: "no value fits the schema of the required body"))
                }
                return .success(values)
            }
            if let issue = problem(value, media?.schema) {
                guard body.isRequired else { return .success(values) }
                return .failure(Reason(text: "no body that fits its own schema can be made: it \(issue)"))
            }
            values[name] = value
        }
        return .success(values)
    }

    /// What is wrong with a value that was made for a schema: then the schema contradicts itself.
    private func problem(_ value: Value, _ schema: Node?) -> String? {
        guard let issue = schema.flatMap({ validator.issues(in: value, against: $0).first }) else { return nil }
        return issue.pointer.parts.isEmpty ? issue.reason : "has at \(issue.pointer) a value that \(issue.reason)"
    }

    private func fallback(_ parameter: Parameter) -> Value? { parameter.schema == nil ? .string("text") : nil }

    // MARK: - Refusals

    private func refusals(
        of action: ActionTable.Action, _ values: OrderedDictionary<String, Value>
    ) -> [TestCase] {
        let operation = action.operation
        var cases: [TestCase] = []
        let refused = [400, 422].filter { documents($0, operation) }.map(StatusPattern.exact)
        if !refused.isEmpty {
            let expectation = Expectation(statuses: refused)
            func add(_ what: String, _ changed: OrderedDictionary<String, Value>) {
                cases.append(
                    TestCase(
                        name: "\(action.name) refuses \(what)", action: action.name, parameters: changed,
                        expectation: expectation))
            }
            for parameter in operation.parameters {
                if parameter.isRequired, canBeLeftOut(parameter) {
                    add("a call without \(parameter.name)", values.filter { $0.key != parameter.name })
                }
                if parameter.location == .query, let outside = outside(parameter.schema) {
                    var changed = values
                    changed[parameter.name] = outside
                    add("\(parameter.name) = \(outside.string ?? outside.json())", changed)
                }
            }
            bodyRefusals(operation, values, add)
        }
        if documents(401, operation), isProtected(operation) {
            cases.append(
                TestCase(
                    name: "\(action.name) refuses a call without credentials", action: action.name, parameters: values,
                    expectation: Expectation(statuses: [.exact(401)]), isAnonymous: true))
        }
        return cases
    }

    private func bodyRefusals(
        _ operation: Operation, _ values: OrderedDictionary<String, Value>,
        _ add: (String, OrderedDictionary<String, Value>) -> Void
    ) {
        guard let body = operation.body, let name = ParameterNames(operation).bodyName else { return }
        let media = RequestBuilder.preferred(body.media)
        guard let media, RequestBuilder.isJSON(media.type) else { return }
        if body.isRequired { add("a call without a body", values.filter { $0.key != name }) }
        guard let schema = media.schema, case .map(let map)? = values[name] else { return }
        let view = SchemaView(schema, in: definition)
        for property in view.required where map[property] != nil {
            let changed = Value.map(map.filter { $0.key != property })
            guard !validator.accepts(changed, as: schema) else { continue }
            var all = values
            all[name] = changed
            add("a body without \(property)", all)
        }
        for (property, propertySchema) in view.properties {
            guard let outside = outside(propertySchema) else { continue }
            var changed = map
            changed[property] = outside
            guard !validator.accepts(.map(changed), as: schema) else { continue }
            var all = values
            all[name] = .map(changed)
            add("\(property) = \(outside.string ?? outside.json())", all)
        }
    }

    /// A value just outside what the schema allows: beyond its choices or its bounds.
    private func outside(_ schema: Node?) -> Value? {
        guard let schema else { return nil }
        let view = SchemaView(schema, in: definition)
        let value: Value
        if let choices = view["enum"], choices.count > 0 {
            guard view.types == ["string"] else { return nil }
            value = .string("Invalid")
        } else if let (limit, isExclusive) = view.minimum, abs(limit) < 1e9 {
            value =
                view.leadingType == "integer"
                ? .integer(Int(limit.rounded(.up)) - (isExclusive ? 0 : 1))
                : isExclusive ? .number(limit) : .number(limit - 1)
        } else if let (limit, isExclusive) = view.maximum, abs(limit) < 1e9 {
            value =
                view.leadingType == "integer"
                ? .integer(Int(limit.rounded(.down)) + (isExclusive ? 0 : 1))
                : isExclusive ? .number(limit) : .number(limit + 1)
        } else {
            return nil
        }
        return validator.accepts(value, as: schema) ? nil : value
    }

    /// Whether a call can be sent without it: not without a path's part, nor without what every HTTP client sends.
    private func canBeLeftOut(_ parameter: Parameter) -> Bool {
        switch parameter.location {
        case .query: true
        case .header: !["accept", "content-type", "authorization"].contains(parameter.name.lowercased())
        case .path, .cookie: false
        }
    }

    private func documents(_ status: Int, _ operation: Operation) -> Bool {
        operation.responses.contains { $0.status == String(status) }
    }

    private func isProtected(_ operation: Operation) -> Bool {
        guard let alternatives = operation.security, !alternatives.isEmpty else { return false }
        return alternatives.allSatisfy { !$0.isEmpty }
    }
}
