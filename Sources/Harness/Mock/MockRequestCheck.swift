import Documents
import OpenAPI
import OrderedCollections

/// What the mock finds wrong with a call: credentials, parameters, body.
struct MockRequestCheck: Sendable {
    struct Problem: Sendable {
        var message: String
        var isMediaType = false
    }

    let definition: APIDefinition
    private let validator: SchemaValidator
    private let schemes: [String: Node]

    init(_ definition: APIDefinition) {
        self.definition = definition
        self.validator = SchemaValidator(definition, direction: .request, issueLimit: 1)
        self.schemes = Dictionary(
            definition.securitySchemes.map { ($0.name, $0.node) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: - Credentials

    /// The scheme that is missing, where no alternative is complete.
    func missingCredential(of operation: Operation, in request: MockRequest) -> String? {
        guard let alternatives = operation.security, !alternatives.isEmpty else { return nil }
        var missing: String?
        for alternative in alternatives {
            guard let absent = alternative.keys.sorted().first(where: { !isPresent($0, in: request) }) else {
                return nil
            }
            if missing == nil { missing = absent }
        }
        return missing
    }

    private func isPresent(_ scheme: String, in request: MockRequest) -> Bool {
        guard let node = schemes[scheme] else { return true }
        let name = node["name"]?.string ?? ""
        switch (node["type"]?.string, node["in"]?.string) {
        case ("apiKey", "query"): return !(request.queryValues(name).first ?? "").isEmpty
        case ("apiKey", "header"): return !(request.header(name) ?? "").isEmpty
        case ("apiKey", "cookie"): return request.header("cookie")?.contains("\(name)=") ?? false
        default: return !(request.header("authorization") ?? "").isEmpty
        }
    }

    // MARK: - Parameters

    func problem(with request: MockRequest, _ operation: Operation, pathValues: [String: String]) -> Problem? {
        for parameter in operation.parameters {
            if let message = problem(with: parameter, request, pathValues) { return Problem(message: message) }
        }
        return bodyProblem(request, operation)
    }

    private func problem(
        with parameter: Parameter, _ request: MockRequest, _ pathValues: [String: String]
    ) -> String? {
        // A form of objects is spread over names that cannot be told from others.
        if parameter.style == "deepObject" { return nil }
        guard let value = value(of: parameter, request, pathValues) else {
            return parameter.isRequired
                ? "the required \(parameter.location.rawValue) parameter '\(parameter.name)' is missing" : nil
        }
        guard let schema = parameter.schema, let issue = validator.issues(in: value, against: schema).first else {
            return nil
        }
        return "the \(parameter.location.rawValue) parameter '\(parameter.name)' \(issue.reason)"
    }

    private func value(of parameter: Parameter, _ request: MockRequest, _ pathValues: [String: String]) -> Value? {
        var texts: [String] = []
        switch parameter.location {
        case .path:
            guard var text = pathValues[parameter.name].map({ PercentEncoding.decode($0) }) else { return nil }
            if parameter.node["x-ms-url-encoding"]?.string == "double" { text = PercentEncoding.decode(text) }
            texts = [text]
        case .query:
            texts = request.queryValues(parameter.name)
            if texts == [""], !parameter.isRequired { return nil }
        case .header: texts = request.header(parameter.name).map { [$0] } ?? []
        case .cookie:
            let prefix = "\(parameter.name)="
            let parts = request.header("cookie")?.split(separator: ";").map { $0.trimmingPrefix { $0 == " " } } ?? []
            texts = parts.first { $0.hasPrefix(prefix) }.map { [String($0.dropFirst(prefix.count))] } ?? []
        }
        guard let first = texts.first else { return nil }
        guard let schema = parameter.schema else { return .string(first) }
        let view = SchemaView(schema, in: definition)
        if parameter.contentType != nil {
            return (try? Value(json: first)) ?? .string(first)  // what is no JSON is judged as the text it is
        }
        guard view.types.contains("array") else { return TextValue.read(first, as: view) }
        if parameter.explode || texts.count > 1 { return TextValue.list(texts, view) }
        let separator: Character =
            switch parameter.style {
            case "spaceDelimited": " "
            case "pipeDelimited": "|"
            case "tabDelimited": "\t"
            default: ","
            }
        return TextValue.list(
            first.split(separator: separator, omittingEmptySubsequences: false).map(String.init), view)
    }

    // MARK: - Body

    private func bodyProblem(_ request: MockRequest, _ operation: Operation) -> Problem? {
        guard let body = operation.body else { return nil }
        guard !request.body.isEmpty else {
            return body.isRequired ? Problem(message: "the required body is missing") : nil
        }
        let type = request.header("content-type") ?? ""
        if !body.formFields.isEmpty { return formProblem(request, body, type) }
        guard !body.media.isEmpty else { return nil }
        let essence = RequestBuilder.essence(of: type)
        let media = body.media.first { RequestBuilder.essence(of: $0.type) == essence || $0.type.contains("*") }
        guard
            let media = media
                ?? body.media.first(where: { RequestBuilder.isJSON($0.type) && RequestBuilder.isJSON(type) })
        else {
            let known = body.media.map(\.type).joined(separator: ", ")
            return Problem(message: "the body is '\(essence)', and only \(known) is taken", isMediaType: true)
        }
        guard RequestBuilder.isJSON(type) || essence.isEmpty && RequestBuilder.isJSON(media.type) else { return nil }
        let value: Value
        do throws(Rejected) {
            value = try Document(bytes: request.body, file: "body", syntax: .json).root.value
        } catch {
            return Problem(message: "the body is no JSON\(error.diagnostics.first.map { ": \($0.message)" } ?? "")")
        }
        guard let schema = media.schema, let issue = validator.issues(in: value, against: schema).first else {
            return nil
        }
        return Problem(message: "in the body, \(issue.description)")
    }

    private func formProblem(_ request: MockRequest, _ body: Body, _ type: String) -> Problem? {
        let text = String(decoding: request.body, as: UTF8.self)
        let isMultipart = RequestBuilder.essence(of: type) == "multipart/form-data"
        let pairs = isMultipart ? [] : PercentEncoding.pairs(text)
        for field in body.formFields {
            let present =
                isMultipart ? text.contains("name=\"\(field.name)\"") : pairs.contains { $0.name == field.name }
            if !present {
                if field.isRequired { return Problem(message: "the required form field '\(field.name)' is missing") }
                continue
            }
            guard !isMultipart, let written = pairs.first(where: { $0.name == field.name })?.value else { continue }
            let view = SchemaView(field.node, in: definition)
            let value = TextValue.read(written, as: view)
            if let issue = validator.issues(in: value, against: field.node).first {
                return Problem(message: "the form field '\(field.name)' \(issue.reason)")
            }
        }
        return nil
    }
}
