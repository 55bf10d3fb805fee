import Documents

/// Compares a document with a table of shapes and notes every difference.
struct ShapeCheck {
    private let table: ShapeTable
    private(set) var remarks: [Remark] = []

    init(_ table: ShapeTable) { self.table = table }

    mutating func check(_ node: Node) { check(node, .object(table.root), name: nil) }

    private mutating func check(_ node: Node, _ shape: Shape, name: String?) {
        switch shape {
        case .any: return
        case .text: expect(node.kind == .string, "string", node, name)
        case .boolean: expect(node.kind == .boolean, "boolean", node, name)
        case .number: expect(node.kind == .number, "number", node, name)
        case .integer: expect(SchemaValidator.isOf(type: "integer", node), "integer", node, name)
        case .format(let format):
            guard expect(node.kind == .string, "string", node, name), let text = node.string else { return }
            if !SchemaFormat.accepts(text: text, as: format) { add("must match format \"\(format)\"", node, name) }
        case .pattern(let pattern):
            guard expect(node.kind == .string || node.kind == .number, "string", node, name),
                let text = node.scalarText
            else { return }
            if !ShapeCheck.matches(text, pattern) { add("must match pattern \"\(pattern)\"", node, name) }
        case .choice(let values):
            if let text = node.string, values.contains(text) { return }
            add(ShapeCheck.choiceMessage(values, node), node, name)
        case .list(let element, let least):
            guard expect(node.kind == .array, "array", node, name) else { return }
            if node.count < least { add("must not have fewer than \(least) items", node, name) }
            for (index, item) in node.elements.enumerated() { check(item, element, name: String(index)) }
        case .map(let value):
            guard expect(node.kind == .object, "object", node, name) else { return }
            for member in node.members where !member.key.hasPrefix("x-") {
                check(member.value, value, name: member.key)
            }
        case .object(let object): checkObject(node, object, name)
        case .reference(let object):
            if node.kind == .object, let reference = node["$ref"] {
                expect(reference.kind == .string, "string", reference, "$ref")
                return
            }
            checkObject(node, object, name)
        case .either(let shapes):
            if let fitting = shapes.first(where: { ShapeCheck.fits(node, $0) }) {
                check(node, fitting, name: name)
            } else if let last = shapes.last {
                check(node, last, name: name)
            }
        }
    }

    private mutating func checkObject(_ node: Node, _ key: String, _ name: String?) {
        var key = key
        if let choice = table.choices[key] {
            guard node.kind == .object else {
                add(plain: choice.kindMessage, "must be object", node, name)
                return
            }
            guard let value = node[choice.key] else {
                remarks.append(Remark(choice.missing, at: node, keepsReference: true))
                if let fallback = choice.fallback { checkObject(node, fallback, name) }
                return
            }
            if let text = value.string, let chosen = choice.shapes[text] {
                key = chosen
            } else {
                add(ShapeCheck.choiceMessage(choice.values, value), value, choice.key)
                guard let fallback = choice.fallback else { return }
                key = fallback
            }
        }
        guard let shape = table.objects[key] else { return }
        if shape.allowsBoolean, node.kind == .boolean { return }
        guard node.kind == .object else {
            add(plain: shape.kindMessage, "must be object", node, name)
            return
        }
        for required in shape.required where node[required] == nil {
            add("must have required property \"\(required)\"", node, name)
        }
        for demand in shape.demands where !demand.isMet(node) {
            remarks.append(Remark(demand.message, at: node, keepsReference: true))
        }
        for member in node.members {
            if let field = shape.fields[member.key] {
                check(member.value, field, name: member.key)
            } else if shape.allowsExtensions, member.key.hasPrefix("x-") {
                continue
            } else if let others = shape.others {
                check(member.value, others, name: member.key)
            } else {
                remarks.append(
                    Remark(
                        "Property \"\(member.key)\" is not expected to be here", at: member.value, isAboutName: true,
                        keepsReference: true))
            }
        }
    }

    @discardableResult
    private mutating func expect(_ holds: Bool, _ type: String, _ node: Node, _ name: String?) -> Bool {
        if !holds { add("must be \(type)", node, name) }
        return holds
    }

    private mutating func add(plain: String?, _ message: String, _ node: Node, _ name: String?) {
        if let plain {
            remarks.append(Remark(plain, at: node, keepsReference: true))
        } else {
            add(message, node, name)
        }
    }

    private mutating func add(_ message: String, _ node: Node, _ name: String?) {
        let title = name.map { "\"\($0)\" property " } ?? ""
        remarks.append(Remark(title + message, at: node, keepsReference: true))
    }

    private static func fits(_ node: Node, _ shape: Shape) -> Bool {
        switch shape {
        case .any: true
        case .text, .format, .pattern, .choice: node.kind == .string
        case .boolean: node.kind == .boolean
        case .number, .integer: node.kind == .number
        case .list: node.kind == .array
        case .map, .object, .reference: node.kind == .object
        case .either(let shapes): shapes.contains { fits(node, $0) }
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        do { return try ScriptPattern(pattern).matches(text) } catch { return true }
    }

    static func choiceMessage(_ values: [String], _ node: Node) -> String {
        let list = values.map { "\"\($0)\"" }.joined(separator: ", ")
        var message = "must be equal to one of the allowed values: \(list)"
        if let text = node.string {
            let best = values.map { ($0, SchemaMessages.distance($0, text)) }.min { $0.1 < $1.1 }
            if let best, values.count == 1 || best.1 < best.0.utf16.count {
                message += ". Did you mean \"\(best.0)\"?"
            }
        }
        return message
    }
}

extension RuleFunction {
    static func shape(_ table: ShapeTable) -> RuleFunction {
        RuleFunction("shape") { target, context in
            var check = ShapeCheck(table)
            check.check(context.document.root)
            return check.remarks
        }
    }

    /// The shape of OpenAPI 3.0 or 3.1, whichever the document says it is.
    static let openAPIShape = RuleFunction("openAPIShape") { target, context in
        let table = context.formats.contains(.oas31) ? OpenAPIShapes.version31 : OpenAPIShapes.version30
        var check = ShapeCheck(table)
        check.check(context.document.root)
        return check.remarks
    }
}
