import Documents

/// Makes API definitions that look like real ones, the same for the same seed.
struct SampleDefinition {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A Swagger 2.0 definition of about so many megabytes as pretty JSON.
    func value(megabytes: Int) -> Value {
        var generator = self
        var paths: Value = [:]
        var definitions: Value = [:]
        var size = 0
        var number = 0
        while size < megabytes * 1_000_000 {
            number += 1
            let name = generator.word().capitalized + generator.word().capitalized + String(number)
            let path = generator.path(name)
            let schema = generator.schema(depth: 0)
            // Pretty JSON inside two more levels is longer than on its own by four spaces a line.
            for part in [path, schema] {
                let text = part.json(pretty: true).utf8
                size += text.count + 4 * text.count { $0 == 0x0A }
            }
            paths["/\(name.lowercased())/{id}"] = path
            definitions[name] = schema
        }
        return [
            "swagger": "2.0",
            "info": ["title": "Generated", "version": "1.0.0", "description": .string(generator.sentence(40))],
            "host": "api.example.com", "basePath": "/v1", "schemes": ["https"],
            "paths": paths, "definitions": definitions,
        ]
    }

    private mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(bound))
    }

    private static let words = [
        "invoice", "customer", "order", "amount", "currency", "date", "status", "list", "page", "token", "limit",
        "line",
        "item", "tax", "total", "payment", "account", "address", "contact", "region", "product", "price", "quantity",
        "discount", "shipment", "warehouse", "returns", "the", "of", "for", "each", "größe", "naïve", "説明",
    ]

    private mutating func word() -> String { Self.words[next(31)] }

    private mutating func sentence(_ length: Int) -> String {
        var words: [String] = []
        for _ in 0..<length { words.append(Self.words[next(next(20) == 0 ? 34 : 31)]) }
        if next(6) == 0 { words.insert("\"quoted\"", at: length / 2) }
        if next(8) == 0 { words.append("\nSee <a href=\"https://example.com/\(word())\">more</a>") }
        return words.joined(separator: " ") + "."
    }

    private mutating func path(_ name: String) -> Value {
        var path: Value = [:]
        for method in ["get", "post", "put", "delete"].prefix(1 + next(4)) {
            var parameters: [Value] = []
            for _ in 0...next(5) {
                parameters.append([
                    "name": .string(word() + String(next(100))), "in": next(2) == 0 ? "query" : "header",
                    "required": .boolean(next(2) == 0), "type": "string",
                    "description": .string(sentence(4 + next(12))),
                    "x-ms-summary": .string(sentence(2)),
                ])
            }
            path[method] = [
                "operationId": .string(method.capitalized + name), "summary": .string(sentence(4)),
                "description": .string(sentence(10 + next(40))), "tags": [.string(word())],
                "parameters": .list(parameters),
                "responses": [
                    "200": ["description": .string(sentence(3)), "schema": ["$ref": .string("#/definitions/\(name)")]],
                    "default": ["description": "Operation failed.", "schema": ["$ref": "#/definitions/Error"]],
                ],
                "x-ms-visibility": next(2) == 0 ? "important" : "advanced",
            ]
        }
        return path
    }

    private mutating func schema(depth: Int) -> Value {
        switch depth < 3 ? next(6) : 2 + next(4) {
        case 0, 1:
            var properties: Value = [:]
            for _ in 0...(2 + next(6)) { properties[word() + String(next(50))] = schema(depth: depth + 1) }
            return ["type": "object", "properties": properties, "required": [.string(word())]]
        case 2: return ["type": "string", "description": .string(sentence(6)), "maxLength": .integer(next(1000))]
        case 3:
            return [
                "type": "number", "format": "double", "minimum": .number(Double(next(1000)) / 8),
                "example": .integer(next(9999)),
            ]
        case 4: return ["type": "array", "items": schema(depth: depth + 1), "x-ms-summary": .string(sentence(2))]
        default: return ["type": "boolean", "default": .boolean(next(2) == 0), "description": .string(sentence(5))]
        }
    }
}
