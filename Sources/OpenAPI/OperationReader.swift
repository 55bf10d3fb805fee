import Documents

/// Reads the operations of a definition, whatever its dialect.
struct OperationReader {
    let root: Node
    let version: APIDefinition.Version
    let references: ReferenceTable
    private let consumes: [String]
    private let produces: [String]
    private let security: [[String: [String]]]?

    static let methods: Set<String> = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
    ]

    init(root: Node, version: APIDefinition.Version, references: ReferenceTable) {
        self.root = root
        self.version = version
        self.references = references
        self.consumes = Self.texts(root["consumes"])
        self.produces = Self.texts(root["produces"])
        self.security = Self.security(root["security"])
    }

    func operations(under keys: [String]) -> [Operation] {
        var operations: [Operation] = []
        for key in keys {
            guard let paths = root[key] else { continue }
            for path in paths.members where !path.key.hasPrefix("x-") {
                let item = references.resolve(path.value)
                let shared = elements(item["parameters"])
                for member in item.members where member.value.kind == .object {
                    let method = member.key.lowercased()
                    guard Self.methods.contains(method) else { continue }
                    operations.append(operation(method, member, item, path, shared))
                }
            }
        }
        return operations
    }

    private func operation(
        _ method: String, _ member: Member, _ item: Node, _ path: Member, _ shared: [Node]
    ) -> Operation {
        let node = member.value
        var parameters: [Parameter] = []
        var bodyNode: (source: Node, node: Node)?
        var fields: [FormField] = []
        func add(_ source: Node, fromPath: Bool) {
            let resolved = references.resolve(source)
            guard let name = resolved["name"]?.scalarText, let place = resolved["in"]?.string else { return }
            let required = resolved["required"]?.boolean ?? false
            switch place {
            case "body":
                bodyNode = (source, resolved)
            case "formData":
                let field = FormField(
                    name: name, isRequired: required, isFile: resolved["type"]?.string == "file", node: resolved)
                if let index = fields.firstIndex(where: { $0.name == name }) {
                    fields[index] = field
                } else {
                    fields.append(field)
                }
            default:
                guard let location = Parameter.Location(rawValue: place) else { return }
                let parameter = self.parameter(name, location, required, resolved, source, fromPath)
                if let index = parameters.firstIndex(where: { $0.name == name && $0.location == location }) {
                    parameters[index] = parameter
                } else {
                    parameters.append(parameter)
                }
            }
        }
        for source in shared { add(source, fromPath: true) }
        for source in elements(node["parameters"]) { add(source, fromPath: false) }
        let own = Self.security(node["security"])
        return Operation(
            path: path.key, method: method, node: node, keyNode: member.keyNode, pathNode: item,
            pathKeyNode: path.keyNode, parameters: parameters, body: body(node, bodyNode, fields),
            responses: responses(node), security: own ?? security)
    }

    private func parameter(
        _ name: String, _ location: Parameter.Location, _ required: Bool, _ node: Node, _ source: Node, _ fromPath: Bool
    ) -> Parameter {
        // A schema beside a 2.0 parameter is not foreseen, but written and understood.
        var schema = version == .swagger2 ? node["schema"] ?? node : node["schema"]
        var contentType: String?
        if version != .swagger2, schema == nil, let content = node["content"] {
            for member in content.members {
                contentType = member.key
                schema = member.value["schema"]
                break
            }
        }
        let isForm = location == .query || location == .cookie
        var style = isForm ? "form" : "simple"
        var explode = isForm && version != .swagger2
        if version == .swagger2 {
            switch node["collectionFormat"]?.string {
            case "multi": explode = true
            case "ssv": style = "spaceDelimited"
            case "tsv": style = "tabDelimited"
            case "pipes": style = "pipeDelimited"
            default: break
            }
        } else {
            if let written = node["style"]?.string {
                style = written
                explode = written == "form"
            }
            explode = node["explode"]?.boolean ?? explode
        }
        return Parameter(
            name: name, location: location, isRequired: required || location == .path, schema: schema, node: node,
            source: source, example: example(of: node, schema: schema), style: style, explode: explode,
            allowReserved: node["allowReserved"]?.boolean ?? false,
            allowEmptyValue: node["allowEmptyValue"]?.boolean ?? false, contentType: contentType, isFromPath: fromPath)
    }

    private func example(of node: Node, schema: Node?) -> Node? {
        let written = node["example"] ?? node["x-example"] ?? node["x-ms-test-value"]
        if let value = written ?? examples(node["examples"]).first { return value }
        guard let schema else { return nil }
        let resolved = references.resolve(schema)
        return resolved["example"] ?? resolved["x-ms-test-value"]
    }

    private func body(_ node: Node, _ bodyNode: (source: Node, node: Node)?, _ fields: [FormField]) -> Body? {
        guard version == .swagger2 else {
            guard let source = node["requestBody"] else { return nil }
            let resolved = references.resolve(source)
            return Body(
                isRequired: resolved["required"]?.boolean ?? false, name: nil, media: content(resolved), formFields: [],
                node: resolved, source: source)
        }
        let declared = node["consumes"].map(Self.texts) ?? consumes
        if let bodyNode {
            let types = declared.isEmpty ? ["application/json"] : declared
            let examples = [bodyNode.node["x-example"], bodyNode.node["example"]].compactMap { $0 }
            return Body(
                isRequired: bodyNode.node["required"]?.boolean ?? false, name: bodyNode.node["name"]?.scalarText,
                media: types.map {
                    Media(type: $0, schema: bodyNode.node["schema"], examples: examples, node: bodyNode.node)
                },
                formFields: fields, node: bodyNode.node, source: bodyNode.source)
        }
        guard let first = fields.first else { return nil }
        let fallback =
            fields.contains(where: \.isFile) ? "multipart/form-data" : "application/x-www-form-urlencoded"
        let types = declared.filter { $0.contains("form") }
        return Body(
            isRequired: fields.contains(where: \.isRequired), name: nil,
            media: (types.isEmpty ? [fallback] : types).map {
                Media(type: $0, schema: nil, examples: [], node: first.node)
            },
            formFields: fields, node: first.node, source: first.node)
    }

    private func responses(_ node: Node) -> [Response] {
        guard let holder = node["responses"] else { return [] }
        let declared = version == .swagger2 ? node["produces"].map(Self.texts) ?? produces : []
        return holder.members.compactMap { member in
            guard !member.key.hasPrefix("x-"), member.value.kind == .object else { return nil }
            let resolved = references.resolve(member.value)
            let headers = resolved["headers"].map {
                $0.members.map { (name: $0.key, node: references.resolve($0.value)) }
            }
            return Response(
                status: member.key, description: resolved["description"]?.scalarText,
                media: version == .swagger2 ? produced(resolved, declared) : content(resolved),
                headers: headers ?? [], node: resolved, keyNode: member.keyNode)
        }
    }

    private func produced(_ response: Node, _ declared: [String]) -> [Media] {
        var samples = response["examples"].map { Array($0.members) } ?? []
        guard response["schema"] != nil || !samples.isEmpty else { return [] }
        let types = declared.isEmpty ? ["application/json"] : declared
        var media = types.map { type in
            let own = samples.filter { $0.key == type }.map(\.value)
            samples.removeAll { $0.key == type }
            return Media(type: type, schema: response["schema"], examples: own, node: response)
        }
        // Samples of a type that is not produced still show what the content looks like.
        media[0].examples += samples.map(\.value)
        return media
    }

    private func content(_ holder: Node) -> [Media] {
        guard let content = holder["content"] else { return [] }
        return content.members.map { member in
            let own = member.value["example"].map { [$0] } ?? []
            return Media(
                type: member.key, schema: member.value["schema"], examples: own + examples(member.value["examples"]),
                node: member.value)
        }
    }

    private func examples(_ holder: Node?) -> [Node] {
        guard let holder else { return [] }
        return holder.members.compactMap { references.resolve($0.value)["value"] }
    }

    private func elements(_ node: Node?) -> [Node] { node.map { Array($0.elements) } ?? [] }

    private static func texts(_ node: Node?) -> [String] {
        node.map { $0.elements.compactMap(\.string) } ?? []
    }

    private static func security(_ node: Node?) -> [[String: [String]]]? {
        guard let node, node.kind == .array else { return nil }
        return node.elements.map { requirement in
            requirement.members.reduce(into: [:]) { $0[$1.key] = texts($1.value) }
        }
    }
}
