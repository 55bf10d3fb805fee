import Documents
import OpenAPI
import OrderedCollections

/// Judges an answer by the definition and by the case.
struct Judge: Sendable {
    let definition: APIDefinition
    private let validator: SchemaValidator
    private let envelope: ErrorEnvelope

    init(_ definition: APIDefinition) {
        self.definition = definition
        self.validator = SchemaValidator(definition, direction: .response, issueLimit: 5)
        self.envelope = ErrorEnvelope(definition)
    }

    func violations(of answer: Answer, to testCase: TestCase, _ operation: Operation) -> [Violation] {
        var found: [Violation] = []
        let expectation = testCase.expectation
        if !expectation.allows(answer.status) {
            let detail = Self.errorText(answer).map { ": \($0)" } ?? ""
            found.append(Violation(.status, "answered \(answer.status), expected \(expectation.statusText)\(detail)"))
        }
        let response = Self.response(for: answer.status, in: operation)
        if response == nil {
            let documented = operation.responses.map(\.status).joined(separator: ", ")
            found.append(
                Violation(.undocumented, "the status \(answer.status) is not documented; documented are \(documented)"))
        }
        var body: Value?
        if !answer.body.isEmpty, operation.method != "head" {
            body = judgeBody(answer, response, &found)
        } else if let response, response.isSuccess, answer.status != 204, operation.method != "head",
            let schema = Self.media(of: response, for: nil)?.schema, demandsContent(schema)
        {
            found.append(Violation(.body, "the answer is empty, though the definition describes its content"))
        }
        judgeHeaders(answer, response, &found)
        judge(expectation, answer, body, &found)
        return found
    }

    /// The documented answer for a status: itself, its class, or the default.
    static func response(for status: Int, in operation: Operation) -> Response? {
        let exact = String(status)
        return operation.responses.first { $0.status == exact }
            ?? operation.responses.first { $0.status.lowercased() == "\(status / 100)xx" }
            ?? operation.responses.first { $0.status == "default" }
    }

    private static func media(of response: Response, for type: String?) -> Media? {
        guard let type else { return RequestBuilder.preferred(response.media) }
        let wanted = RequestBuilder.essence(of: type)
        return response.media.first { covers(RequestBuilder.essence(of: $0.type), wanted) }
    }

    private static func covers(_ documented: String, _ actual: String) -> Bool {
        if documented == actual || documented == "*/*" || documented == "*" { return true }
        if documented.hasSuffix("/*") { return actual.hasPrefix(documented.dropLast()) }
        let json = ["application/json", "text/json"]
        return json.contains(documented) && json.contains(actual)
    }

    /// An object without required properties may well be sent as nothing.
    private func demandsContent(_ schema: Node) -> Bool {
        let view = SchemaView(schema, in: definition)
        return !view.required.isEmpty && !view.allowsNull
    }

    // MARK: - Body

    private func judgeBody(_ answer: Answer, _ response: Response?, _ found: inout [Violation]) -> Value? {
        let type = answer.header("content-type")
        let isJSON = type.map(RequestBuilder.isJSON) ?? false
        let documented = response?.media ?? []
        if type == nil {
            found.append(Violation(.contentType, "the answer has a body and no Content-Type"))
        } else if let type, !documented.isEmpty, response.flatMap({ Self.media(of: $0, for: type) }) == nil {
            let types = documented.map(\.type).joined(separator: ", ")
            found.append(
                Violation(.contentType, "the answer is \(RequestBuilder.essence(of: type)), documented is \(types)"))
        }
        let media = response.flatMap { Self.media(of: $0, for: type) ?? RequestBuilder.preferred($0.media) }
        let expectsJSON = media.map { RequestBuilder.isJSON($0.type) } ?? false
        guard isJSON || type == nil && expectsJSON else { return text(answer) }
        let value: Value
        do throws(Rejected) {
            value = try Document(bytes: answer.body, file: "answer", syntax: .json).root.value
        } catch {
            let reason = error.diagnostics.first.map { ": \($0.message)" } ?? ""
            found.append(Violation(.body, "the body is no JSON\(reason)"))
            return nil
        }
        let isError = answer.status >= 400
        if let schema = media?.schema {
            let issues = validator.issues(in: value, against: schema)
            let kind: Violation.Kind =
                isError && definition.resolve(schema) == envelope.schema ? .errorEnvelope : .schema
            found += issues.map { Violation(kind, "in the body of \(answer.status), \($0.description)") }
        } else if isError, let schema = envelope.schema {
            let issues = validator.issues(in: value, against: schema)
            found += issues.map {
                Violation(.errorEnvelope, "in the body of \(answer.status), \($0.description), as other errors have it")
            }
        }
        return value
    }

    private func text(_ answer: Answer) -> Value? {
        String(validating: answer.body, as: UTF8.self).map(Value.string)
    }

    /// What an error says of itself, short enough for one line.
    static func errorText(_ answer: Answer) -> String? {
        guard answer.status >= 400,
            let value = try? Document(bytes: answer.body, file: "answer", syntax: .json).root.value
        else { return nil }
        let inner = value["error"]
        var texts: [Value?] = [inner?["message"], value["message"], value["detail"], value["error_description"]]
        texts += [inner, value["title"]]
        let message = texts.lazy.compactMap { $0?.string }.first
        guard let message, !message.isEmpty else { return nil }
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 200 ? line.prefix(197) + "..." : line
    }

    // MARK: - Headers

    private func judgeHeaders(_ answer: Answer, _ response: Response?, _ found: inout [Violation]) {
        for header in response?.headers ?? [] {
            guard let text = answer.header(header.name) else {
                if header.node["required"]?.boolean == true {
                    found.append(Violation(.header, "the required header '\(header.name)' is missing"))
                }
                continue
            }
            guard let schema = definition.schema(ofHeader: header.node) else { continue }
            let value = TextValue.read(text, as: SchemaView(schema, in: definition))
            if let issue = validator.issues(in: value, against: schema).first {
                found.append(Violation(.header, "the header '\(header.name)' \(issue.reason)"))
            }
        }
        if answer.status == 429, answer.header("retry-after") == nil {
            found.append(Violation(.header, "a throttled call gets no Retry-After"))
        }
    }

    // MARK: - The case's own demands

    private func judge(_ expectation: Expectation, _ answer: Answer, _ body: Value?, _ found: inout [Violation]) {
        for demand in expectation.body {
            let values = body.map { demand.path.values(in: $0) } ?? []
            let shown = demand.path.text.isEmpty ? "the body" : "'\(demand.path.text)'"
            for matcher in demand.matchers {
                if values.isEmpty || matcher == .exists(false) {
                    if let problem = matcher.problem(with: values.first?.value) {
                        found.append(Violation(.expectation, "\(shown) \(problem)"))
                    }
                    continue
                }
                for (place, value) in values {
                    guard let problem = matcher.problem(with: value) else { continue }
                    let subject = demand.path.hasWildcard ? "'\(place)'" : shown
                    found.append(Violation(.expectation, "\(subject) \(problem)"))
                    break
                }
            }
        }
        for demand in expectation.headers {
            let value = answer.header(demand.name).map(Value.string)
            for matcher in demand.matchers {
                if let problem = matcher.problem(with: value) {
                    found.append(Violation(.expectation, "the header '\(demand.name)' \(problem)"))
                }
            }
        }
        if let limit = expectation.maxLatency, answer.latency > limit {
            found.append(
                Violation(
                    .latency,
                    "the answer took \(LatencyText.text(answer.latency)), allowed are \(LatencyText.text(limit))"))
        }
    }
}
