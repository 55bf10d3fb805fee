import Documents
import OpenAPI
import OrderedCollections

/// Writes the request of a case, as the definition says where each value travels.
struct RequestBuilder {
    let definition: APIDefinition

    init(_ definition: APIDefinition) { self.definition = definition }

    /// Why no request can be written.
    struct Problem: Error { var message: String }

    func request(_ testCase: TestCase, _ operation: Operation) throws(Problem) -> OutgoingRequest {
        var request = OutgoingRequest(method: operation.method.uppercased(), target: "")
        var path = operation.path.split(separator: "#", maxSplits: 1).first.map(String.init) ?? ""
        var query: [String] = []
        var cookies: [String] = []
        request.set("Accept", accepted(operation))
        addBody(testCase.parameters, operation, &request)
        for parameter in operation.parameters {
            guard let value = testCase.parameters[parameter.name], !value.isNull else { continue }
            switch parameter.location {
            case .path:
                path = path.replacing("{\(parameter.name)}", with: pathText(value, parameter))
            case .query: query += queryItems(value, parameter)
            case .header: request.set(parameter.name, Self.simple(value, explode: parameter.explode))
            case .cookie: cookies.append("\(parameter.name)=\(Self.simple(value, explode: false))")
            }
        }
        if !cookies.isEmpty { request.set("Cookie", cookies.joined(separator: "; ")) }
        for header in testCase.headers { request.set(header.name, header.value) }
        if let open = path.firstIndex(of: "{"), let close = path[open...].firstIndex(of: "}") {
            let name = path[path.index(after: open)..<close]
            throw Problem(message: "the path parameter '\(name)' has no value")
        }
        for header in request.headers where !HeaderText.isName(header.name) || !HeaderText.isValue(header.value) {
            throw Problem(message: "the header '\(header.name)' cannot carry its value")
        }
        if !path.hasPrefix("/") { path = "/" + path }
        path = PercentEncoding.encode(path, keeping: "/%?&=:@!$'()*+,;")
        request.target = query.isEmpty ? path : path + (path.contains("?") ? "&" : "?") + query.joined(separator: "&")
        return request
    }

    // MARK: - Media types

    /// The form in which a body is sent: JSON if possible.
    static func preferred(_ media: [Media]) -> Media? { media.first { isJSON($0.type) } ?? media.first }

    /// Whether a media type holds JSON.
    static func isJSON(_ type: String) -> Bool {
        let essence = essence(of: type)
        return essence == "application/json" || essence == "text/json" || essence.hasSuffix("+json") || essence == "*/*"
    }

    /// The media type without parameters, in lower case.
    static func essence(of type: String) -> String {
        let end = type.firstIndex(of: ";") ?? type.endIndex
        return type[..<end].filter { !$0.isWhitespace }.lowercased()
    }

    private func accepted(_ operation: Operation) -> String {
        var types: [String] = []
        for response in operation.responses where response.isSuccess {
            for media in response.media where !types.contains(media.type) { types.append(media.type) }
        }
        return types.isEmpty ? "application/json" : types.prefix(6).joined(separator: ", ")
    }

    // MARK: - Parameters

    private func pathText(_ value: Value, _ parameter: Parameter) -> String {
        let once = PercentEncoding.encode(Self.simple(value, explode: parameter.explode), keeping: ",")
        return parameter.node["x-ms-url-encoding"]?.string == "double" ? PercentEncoding.encode(once) : once
    }

    private func queryItems(_ value: Value, _ parameter: Parameter) -> [String] {
        let name = PercentEncoding.encode(parameter.name, keeping: "$[]@")
        let kept = parameter.allowReserved ? ":/?#[]@!$'()*,;" : ":/$@,"
        func item(_ text: String) -> String { "\(name)=\(PercentEncoding.encode(text, keeping: kept))" }
        switch value {
        case .list(let elements):
            if parameter.explode { return elements.map { item(Self.text($0)) } }
            let separator =
                switch parameter.style {
                case "spaceDelimited": "%20"
                case "pipeDelimited": "%7C"
                case "tabDelimited": "%09"
                default: ","
                }
            return ["\(name)=\(elements.map { PercentEncoding.encode(Self.text($0)) }.joined(separator: separator))"]
        case .map(let map):
            if parameter.contentType != nil { return [item(value.json())] }
            if parameter.style == "deepObject" {
                return map.map {
                    "\(name)[\(PercentEncoding.encode($0.key))]=\(PercentEncoding.encode(Self.text($0.value)))"
                }
            }
            if parameter.explode {
                return map.map { "\(PercentEncoding.encode($0.key))=\(PercentEncoding.encode(Self.text($0.value)))" }
            }
            return [item(map.flatMap { [$0.key, Self.text($0.value)] }.joined(separator: ","))]
        default: return [item(Self.text(value))]
        }
    }

    static func simple(_ value: Value, explode: Bool) -> String {
        switch value {
        case .list(let elements): elements.map(text).joined(separator: ",")
        case .map(let map):
            map.map { explode ? "\($0.key)=\(text($0.value))" : "\($0.key),\(text($0.value))" }.joined(separator: ",")
        default: text(value)
        }
    }

    /// A scalar as it stands in an address or a form; anything else as JSON.
    static func text(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .null: ""
        default: value.json()
        }
    }

    // MARK: - Body

    private func addBody(
        _ values: OrderedDictionary<String, Value>, _ operation: Operation, _ request: inout OutgoingRequest
    ) {
        guard let body = operation.body else { return }
        if !body.formFields.isEmpty {
            addForm(body, values, &request)
            return
        }
        guard let value = assembled(values, ParameterNames(operation)) else { return }
        let media = Self.preferred(body.media)
        let type = media?.type ?? "application/json"
        if Self.isJSON(type) {
            request.body = Array(value.json().utf8)
        } else if Self.essence(of: type) == "application/x-www-form-urlencoded", case .map(let map) = value {
            request.body = Array(Self.form(map.map { ($0.key, Self.text($0.value)) }).utf8)
        } else {
            request.body = Array(Self.text(value).utf8)
        }
        request.set("Content-Type", type.contains("*") ? "application/json" : type)
    }

    /// The body given as a whole, with the properties that are given one by one put in.
    private func assembled(_ values: OrderedDictionary<String, Value>, _ names: ParameterNames) -> Value? {
        guard let name = names.bodyName else { return nil }
        var body = values[name] ?? values["body"]
        for (key, value) in values where key.contains("/") && names.isBody(key) && key != name {
            let steps = key.split(separator: "/").dropFirst().map(String.init)
            body = Self.placing(value, at: steps[...], in: body ?? .map([:]))
        }
        return body
    }

    private static func placing(_ value: Value, at steps: ArraySlice<String>, in container: Value) -> Value {
        guard let first = steps.first else { return value }
        guard case .map(var map) = container else { return placing(value, at: steps, in: .map([:])) }
        map[first] = placing(value, at: steps.dropFirst(), in: map[first] ?? .map([:]))
        return .map(map)
    }

    private func addForm(_ body: Body, _ values: OrderedDictionary<String, Value>, _ request: inout OutgoingRequest) {
        let present = body.formFields.compactMap { field in values[field.name].map { (field, $0) } }
        guard !present.isEmpty else { return }
        let isMultipart =
            body.formFields.contains(where: \.isFile)
            || body.media.contains { Self.essence(of: $0.type) == "multipart/form-data" }
        guard isMultipart else {
            request.body = Array(Self.form(present.map { ($0.0.name, Self.text($0.1)) }).utf8)
            request.set("Content-Type", "application/x-www-form-urlencoded")
            return
        }
        let boundary = "almrun-form-boundary"
        var text = ""
        for (field, value) in present {
            let name = field.name.replacing("\"", with: "%22")
            let file = field.isFile ? "; filename=\"\(name).bin\"\r\nContent-Type: application/octet-stream" : ""
            text +=
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n\r\n\(Self.text(value))\r\n"
        }
        text += "--\(boundary)--\r\n"
        request.body = Array(text.utf8)
        request.set("Content-Type", "multipart/form-data; boundary=\(boundary)")
    }

    private static func form(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
    }
}
