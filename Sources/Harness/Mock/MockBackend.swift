import Documents
import OpenAPI
import OrderedCollections

/// Decides what the mock says to a call, from the definition alone; the same call always gets the same answer.
struct MockBackend: Sendable {
    let definition: APIDefinition
    let options: MockOptions
    /// The path of the definition's server, without a slash at its end.
    let basePath: String
    private let routes: [(template: PathTemplate, action: ActionTable.Action)]
    private let maker: SampleMaker
    private let validator: SchemaValidator
    private let check: MockRequestCheck

    init(_ definition: APIDefinition, options: MockOptions) {
        self.definition = definition
        self.options = options
        self.basePath = Self.basePath(of: definition)
        self.routes = ActionTable(definition).actions.map { (PathTemplate($0.operation.path), $0) }
        self.maker = SampleMaker(definition, direction: .response)
        self.validator = SchemaValidator(definition, direction: .response, issueLimit: 1)
        self.check = MockRequestCheck(definition)
    }

    /// The path of the first server; empty where none is declared or it holds variables.
    static func basePath(of definition: APIDefinition) -> String {
        guard var server = definition.servers.first, !server.contains("{") else { return "" }
        if let start = server.firstRange(of: "://") {
            let rest = server[start.upperBound...]
            server = rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? ""
        }
        while server.hasSuffix("/") { server.removeLast() }
        return server.isEmpty || server.hasPrefix("/") ? server : "/" + server
    }

    /// The answer to a call, the `number`-th since the start; `origin` is the mock's own address.
    func answer(_ request: MockRequest, number: Int, origin: String) -> MockAnswer {
        guard request.path == basePath || request.path.hasPrefix(basePath + "/") else {
            return refusal(404, "no action has this path; paths start with \(basePath)", nil, request)
        }
        let path = PathTemplate.split(String(request.path.dropFirst(basePath.count)))
        var matches: [(action: ActionTable.Action, values: [String: String], weight: Int)] = []
        for route in routes {
            if let values = route.template.match(path) { matches.append((route.action, values, route.template.weight)) }
        }
        guard !matches.isEmpty else { return refusal(404, "no action has this path", nil, request) }
        let candidates = matches.filter { $0.action.operation.method == request.method }
        // `max` gives the last of equals; the first in document order is meant.
        guard let match = candidates.reversed().max(by: { $0.weight < $1.weight }) else {
            var answer = refusal(405, "the path has no \(request.method.uppercased())", nil, request)
            let methods = Set(matches.map { $0.action.operation.method.uppercased() }).sorted()
            answer.headers.append(("Allow", methods.joined(separator: ", ")))
            return answer
        }
        let operation = match.action.operation
        func refuse(_ status: Int, _ reason: String) -> MockAnswer {
            var answer = refusal(status, reason, operation, request)
            answer.action = match.action.name
            return answer
        }
        if options.demandsCredentials, let missing = check.missingCredential(of: operation, in: request) {
            return refuse(401, "the credential '\(missing)' is missing")
        }
        if let every = options.throttleEvery, every > 0, number % every == 0 {
            return refuse(429, "too many calls: wait \(options.retryAfter) s")
        }
        if let every = options.failEvery, every > 0, number % every == 0 {
            return refuse(500, "the call failed by intent")
        }
        if let wish = request.preference("code") { return preferred(wish, match.action, refuse) }
        if let problem = check.problem(with: request, operation, pathValues: match.values) {
            let documented = operation.responses.map(\.status)
            let status =
                problem.isMediaType && documented.contains("415")
                ? 415 : documented.contains("400") || !documented.contains("422") ? 400 : 422
            return refuse(status, problem.message)
        }
        var answer = success(operation, request, origin: origin)
        answer.action = match.action.name
        return answer
    }

    private func preferred(
        _ wish: String, _ action: ActionTable.Action, _ refuse: (Int, String) -> MockAnswer
    ) -> MockAnswer {
        guard let status = Int(wish), (200...599).contains(status),
            let response = Judge.response(for: status, in: action.operation)
        else { return refuse(400, "the status \(wish) asked for in Prefer is not documented") }
        if status >= 400 { return refuse(status, "asked for in Prefer") }
        var answer = self.answer(with: response, status: status, accept: nil)
        answer.action = action.name
        return answer
    }

    // MARK: - Success

    private func success(_ operation: Operation, _ request: MockRequest, origin: String) -> MockAnswer {
        let successes = operation.responses.filter { $0.status.count == 3 && $0.isSuccess }
        let response =
            successes.min { $0.status.lowercased() < $1.status.lowercased() }
            ?? operation.responses.first { $0.status == "default" }
            ?? operation.responses.min { $0.status < $1.status }
        guard let response else { return MockAnswer(status: 200) }
        let status = Int(response.status) ?? Int(response.status.prefix(1)).map { $0 * 100 } ?? 200
        var answer = self.answer(with: response, status: status, accept: request.header("accept"))
        if request.method == "get", let media = RequestBuilder.preferred(response.media),
            RequestBuilder.isJSON(media.type),
            let value = try? Document(bytes: answer.body, file: "answer", syntax: .json).root.value
        {
            func fits(_ value: Value) -> Bool { media.schema.map { validator.accepts(value, as: $0) } ?? true }
            let narrowed = MockList(operation, request).narrowed(value, fits)
            let page = MockPage(operation, request, origin: origin, pages: options.pages)
            answer.body = Array((page?.linked(narrowed, fits) ?? narrowed).json().utf8)
        }
        if request.method == "head" { answer.body = [] }
        return answer
    }

    private func answer(with response: Response, status: Int, accept: String?) -> MockAnswer {
        var answer = MockAnswer(status: status)
        for header in response.headers {
            guard let schema = definition.schema(ofHeader: header.node), let value = maker.value(for: schema) else {
                continue
            }
            let text = RequestBuilder.simple(value, explode: false)
            if HeaderText.isName(header.name), HeaderText.isValue(text) { answer.headers.append((header.name, text)) }
        }
        guard let media = choose(response.media, accept), status != 204, status != 304 else { return answer }
        guard let value = maker.value(for: media.schema, preferring: media.examples) else { return answer }
        let isJSON = RequestBuilder.isJSON(media.type)
        answer.body = Array((isJSON ? value.json() : RequestBuilder.text(value)).utf8)
        answer.headers.removeAll { $0.name.lowercased() == "content-type" || $0.name.lowercased() == "content-length" }
        let type = media.type.contains("*") ? isJSON ? "application/json" : "text/plain" : media.type
        answer.headers.append(("Content-Type", type))
        return answer
    }

    private func choose(_ media: [Media], _ accept: String?) -> Media? {
        guard let accept, !accept.contains("*/*"), media.count > 1 else { return RequestBuilder.preferred(media) }
        let wanted = accept.split(separator: ",").map { RequestBuilder.essence(of: String($0)) }
        let fitting = media.filter { wanted.contains(RequestBuilder.essence(of: $0.type)) }
        return RequestBuilder.preferred(fitting.isEmpty ? media : fitting)
    }

    // MARK: - Refusal

    private static let codes = [
        400: "INVALID_ARGUMENT", 401: "UNAUTHORIZED", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 409: "CONFLICT",
        415: "UNSUPPORTED_MEDIA_TYPE", 422: "INVALID_ARGUMENT", 429: "RATE_LIMIT", 500: "INTERNAL_ERROR",
    ]

    /// The documented error with our reason put in where the schema has room for it; else the plain envelope.
    private func refusal(_ status: Int, _ reason: String, _ operation: Operation?, _ request: MockRequest) -> MockAnswer
    {
        var answer = MockAnswer(status: status, reason: reason)
        let documented = operation?.responses.first { $0.status == String(status) }
        if let documented {
            answer = self.answer(with: documented, status: status, accept: request.header("accept"))
            answer.reason = reason
            let media = RequestBuilder.preferred(documented.media)
            if let media, RequestBuilder.isJSON(media.type),
                let value = try? Document(bytes: answer.body, file: "answer", syntax: .json).root.value,
                let schema = media.schema
            {
                let explained = explain(value, status, reason, request)
                if validator.accepts(explained, as: schema) { answer.body = Array(explained.json().utf8) }
            }
        } else {
            let plain: Value = .map([
                "error": .map([
                    "code": .string(Self.codes[status] ?? "ERROR"), "message": .string(reason),
                    "correlationId": .string(correlation(request)),
                ])
            ])
            answer.body = Array(plain.json().utf8)
            answer.headers.append(("Content-Type", "application/json"))
        }
        if status == 429 {
            answer.headers.removeAll { $0.name.lowercased() == "retry-after" }
            answer.headers.append(("Retry-After", String(options.retryAfter)))
        }
        if status == 401 { answer.headers.append(("WWW-Authenticate", "Bearer")) }
        return answer
    }

    private func explain(_ value: Value, _ status: Int, _ reason: String, _ request: MockRequest) -> Value {
        guard case .map(var map) = value else { return value }
        if case .map(var inner)? = map["error"] {
            put(status, reason, request, into: &inner)
            map["error"] = .map(inner)
        } else {
            put(status, reason, request, into: &map)
        }
        return .map(map)
    }

    private func put(
        _ status: Int, _ reason: String, _ request: MockRequest, into map: inout OrderedDictionary<String, Value>
    ) {
        if map["message"]?.string != nil { map["message"] = .string(reason) }
        if map["correlationId"]?.string != nil { map["correlationId"] = .string(correlation(request)) }
        if map["retryAfterSeconds"] != nil { map["retryAfterSeconds"] = .integer(options.retryAfter) }
        // The example's fields in error are not this call's.
        if map["details"]?.list != nil { map["details"] = nil }
    }

    private func correlation(_ request: MockRequest) -> String {
        let given = request.header("x-correlation-id") ?? request.header("x-ms-client-request-id")
        return given.flatMap { TextFormat.isUUID($0) ? $0 : nil } ?? "00000000-0000-4000-8000-000000000001"
    }
}
