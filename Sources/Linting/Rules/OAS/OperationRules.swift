import Documents

extension OASRules {
    static let operationDescription = Rule(
        "operation-description", .warning, given: [operation], [.field("description", .truthy)],
        description: "Operation \"description\" must be present and non-empty string.",
        page: RulePage(
            "Each operation is described.", why: "Makers choose an action by its description.",
            fix: "add 'description' to the operation", example: "get:\n  description: Gives one invoice by its number.")
    )

    static let operationID = Rule(
        "operation-operationId", .warning, given: [operation], [.field("operationId", .truthy)],
        description: "Operation must have \"operationId\".",
        page: RulePage(
            "Each operation has an id.",
            why: "Clients, flows and policies name an operation by its id and nothing else.",
            fix: "add an 'operationId' that never changes again", example: "get:\n  operationId: GetInvoice"))

    static let operationIDUnique = Rule(
        "operation-operationId-unique", .error, given: ["$"], [.init(uniqueIDs)],
        description: "Every operation must have unique \"operationId\".",
        page: RulePage(
            "No two operations share an id.", why: "A flow that names the id would call one of them by chance.",
            fix: "give the later operation an id of its own",
            example: "get: {operationId: ListInvoices}\npost: {operationId: CreateInvoice}"))

    static let operationIDValidInURL = Rule(
        "operation-operationId-valid-in-url", .warning, given: [operation],
        [
            .field(
                "operationId",
                .pattern(match: "^[A-Za-z0-9-._~:/?#\\[\\]@!\\$&'()*+,;=]*$"))
        ],
        description: "operationId must not characters that are invalid when used in URL.",
        page: RulePage(
            "An operation's id can stand in an address.", why: "Documentation and gateways build links from ids.",
            fix: "use letters and digits only", example: "operationId: GetInvoice"))

    static let operationSuccessResponse = Rule(
        "operation-success-response", .warning, given: [operation], [.field("responses", successResponse)],
        description: "Operation must have at least one \"2xx\" or \"3xx\" response.",
        page: RulePage(
            "Each operation says what it answers when all goes well.",
            why: "Without it no output can be used in a flow, and no test can tell success from failure.",
            fix: "add a response for 200, 201, 202 or 204",
            example: "responses:\n  '200': {description: The invoice, schema: {$ref: '#/definitions/Invoice'}}"))

    static let operationParameters = Rule(
        "operation-parameters", .warning, given: ["\(operation).parameters"], [.init(consistentParameters)],
        description: nil, message: "{{error}}",
        page: RulePage(
            "The parameters of an operation do not contradict each other.",
            why: "Two parameters of one name and place, or two bodies, cannot both be sent.",
            fix: "remove or rename one of them",
            example:
                "parameters:\n  - {name: top, in: query, type: integer}\n  - {name: skip, in: query, type: integer}"))

    static let operationTags = Rule(
        "operation-tags", .warning, given: [operation], [.field("tags", .nonEmptyList)],
        description: "Operation must have non-empty \"tags\" array.",
        page: RulePage(
            "Each operation belongs to a group.", why: "Documentation shows operations by tag.",
            fix: "add 'tags' to the operation", example: "get:\n  tags: [invoices]"))

    static let operationSingularTag = Rule(
        "operation-singular-tag", .warning, recommended: false, given: [operation],
        [.field("tags", .length(min: nil, max: 1))],
        description: "Operation must not have more than a single tag.",
        page: RulePage(
            "Each operation belongs to one group only.",
            why: "Generators put an operation into one class for each tag.",
            fix: "keep the tag that fits best", example: "get:\n  tags: [invoices]"))

    static let operationTagDefined = Rule(
        "operation-tag-defined", .warning, given: ["$"], [.init(tagsDefined)],
        description: "Operation tags must be defined in global tags.",
        page: RulePage(
            "Tags that operations use are declared.", why: "A misspelt tag makes a group of its own.",
            fix: "declare the tag in the root's 'tags', or correct its spelling",
            example: "tags: [{name: invoices}]\npaths:\n  /invoices:\n    get: {tags: [invoices]}"))

    static let formDataConsumes = Rule(
        "oas2-operation-formData-consume-check", .warning, [.oas2], given: [operation], [.init(formData)],
        description: "Operations with \"in: formData\" parameter must include "
            + "\"application/x-www-form-urlencoded\" or \"multipart/form-data\" in their \"consumes\" property.",
        page: RulePage(
            "Operations with form fields accept a form.",
            why: "Fields of a form cannot be sent in another content type.",
            fix: "add the form's content type to 'consumes'",
            example: "consumes: [multipart/form-data]\nparameters: [{name: file, in: formData, type: file}]"))

    /// Every operation with its path, in document order.
    static func operations(_ context: LintContext) -> [(path: Member, method: Member)] {
        guard let paths = context.member(context.document.root, "paths"), paths.kind == .object else { return [] }
        return paths.members.flatMap { path in
            context.resolve(path.value).members.filter { methodNames.contains($0.key) }.map { (path, $0) }
        }
    }

    private static let uniqueIDs = RuleFunction("uniqueIDs") { _, context in
        var seen: Set<String> = []
        return operations(context).compactMap { _, method in
            guard let id = context.member(method.value, "operationId"), let text = id.string else { return nil }
            return seen.insert(text).inserted ? nil : Remark("'\(text)' is taken", at: id)
        }
    }

    private static let successResponse = RuleFunction("successResponse") { target, context in
        guard let responses = target.value, responses.kind == .object else { return [] }
        for member in responses.members {
            if let status = Int(member.key), (200..<400).contains(status) { return [] }
            if context.formats.contains(.oas3), member.key == "2XX" || member.key == "3XX" { return [] }
        }
        return [Remark("no response says how success looks")]
    }

    private static let consistentParameters = RuleFunction("consistentParameters") { target, context in
        guard let list = target.value, list.kind == .array else { return [] }
        let elements = list.elements.map(context.resolve)
        var seen: Set<String> = []
        var remarks: [Remark] = []
        var bodies: [Int] = []
        var hasForm = false
        for (index, parameter) in elements.enumerated() where parameter["$ref"] == nil {
            guard let place = parameter["in"]?.string else { continue }
            if place == "body" { bodies.append(index) }
            if place == "formData" { hasForm = true }
            guard let name = parameter["name"]?.string else { continue }
            if !seen.insert(place + "\u{0}" + name).inserted {
                remarks.append(
                    Remark(
                        "A parameter in this operation already exposes the same combination of \"name\" and \"in\" values.",
                        path: [String(index)], keepsReference: true))
            }
        }
        if !bodies.isEmpty, hasForm {
            remarks.append(Remark("Operation must not have both \"in:body\" and \"in:formData\" parameters."))
        }
        for index in bodies.dropFirst() {
            remarks.append(
                Remark(
                    "Operation must not have more than a single instance of the \"in:body\" parameter.",
                    path: [String(index)], keepsReference: true))
        }
        return remarks
    }

    private static let tagsDefined = RuleFunction("tagsDefined") { _, context in
        let root = context.document.root
        let declared = Set(context.member(root, "tags").map { $0.elements.compactMap { $0["name"]?.string } } ?? [])
        return operations(context).flatMap { _, method -> [Remark] in
            guard let tags = context.member(method.value, "tags"), tags.kind == .array else { return [] }
            return tags.elements.compactMap { tag in
                guard let name = tag.string, !declared.contains(name) else { return nil }
                return Remark("tag '\(name)' is not declared", at: tag)
            }
        }
    }

    private static let formData = RuleFunction("formData") { target, context in
        guard let consumes = context.member(target.value, "consumes"), consumes.kind == .array,
            let parameters = context.member(target.value, "parameters"), parameters.kind == .array,
            parameters.elements.contains(where: { context.member($0, "in")?.string == "formData" })
        else { return [] }
        let types = consumes.elements.compactMap(\.string)
        let forms = ["application/x-www-form-urlencoded", "multipart/form-data"]
        if types.contains(where: { type in forms.contains { type.contains($0) } }) { return [] }
        return [Remark("a form cannot be sent in any of the content types")]
    }
}
