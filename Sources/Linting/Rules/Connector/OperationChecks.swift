import Documents

extension ConnectorRules {
    static let operationID = rule(
        "connector-operation-id", .error,
        page: RulePage(
            "Each operation has an operationId.", why: "Flows and apps keep the id and nothing else of an action.",
            fix: "add an 'operationId' that never changes again", example: "get:\n  operationId: GetInvoice")
    ) { context in
        context.operations.filter { ($0.id ?? "").isEmpty }.map {
            Remark("\($0.method.uppercased()) \($0.path) has no operationId", at: $0.node, isAboutName: true)
        }
    }

    static let operationIDUnique = rule(
        "connector-operation-id-unique", .error,
        page: RulePage(
            "No two operations have the same operationId, whatever its capitals.",
            why: "The second one is not imported, or hides the first.", fix: "rename the later operation",
            example: "get: {operationId: ListInvoices}\npost: {operationId: CreateInvoice}")
    ) { context in
        var seen: [String: ConnectorOperation] = [:]
        return context.operations.compactMap { operation in
            guard let id = operation.id, let node = operation.node["operationId"] else { return nil }
            guard let other = seen[id.lowercased()] else {
                seen[id.lowercased()] = operation
                return nil
            }
            return Remark("operationId '\(id)' is taken by \(other.method.uppercased()) \(other.path)", at: node)
        }
    }

    static let operationIDShape = rule(
        "connector-operation-id-shape", .information,
        page: RulePage(
            "Operation ids are letters and digits in PascalCase.",
            why: "Other characters are removed on import, so that references to the id break.",
            fix: "rename it before the first release; later it breaks flows", example: "operationId: ListOpenInvoices")
    ) { context in
        context.operations.compactMap { operation in
            guard let id = operation.id, let node = operation.node["operationId"], let first = id.first else {
                return nil
            }
            if plainID(id).contains(where: { !$0.isASCII || (!$0.isLetter && !$0.isNumber) }) {
                return Remark("operationId '\(id)' holds more than letters and digits", at: node)
            }
            return first.isUppercase ? nil : Remark("operationId '\(id)' is not in PascalCase", at: node)
        }
    }

    /// An id without the version at its end, such as `_V2`, by which operations are superseded.
    private static func plainID(_ id: String) -> Substring {
        guard let mark = id.lastIndex(of: "_") else { return id[...] }
        let version = id[mark...].dropFirst()
        let isVersion = version.first.map { "vV".contains($0) } == true && Int(version.dropFirst()) != nil
        return isVersion ? id[..<mark] : id[...]
    }

    static let summary = rule(
        "connector-operation-summary", .warning,
        page: RulePage(
            "Each operation has a summary.", why: "It is the action's name in the designer.",
            fix: "add 'summary': a verb and an object", example: "get:\n  summary: List invoices")
    ) { context in
        context.operations.filter { !$0.isInternal && ($0.node["summary"]?.string ?? "").isEmpty }.map {
            Remark("operation '\($0.title)' has no summary", at: $0.node, isAboutName: true)
        }
    }

    static let summaryShape = rule(
        "connector-summary-shape", .warning,
        page: RulePage(
            "Summaries have at most 80 characters and none of / \\ < > * % & ?.",
            why: "The designer cuts longer ones; the characters are refused on import.",
            fix: "shorten the summary, write the sign as a word", example: "summary: Create or update an invoice")
    ) { context in
        var remarks: [Remark] = []
        for operation in context.operations {
            guard let node = operation.node["summary"], let text = node.string else { continue }
            if text.count > 80 {
                remarks.append(Remark("the summary has \(text.count) characters, 80 are allowed", at: node))
            }
            if let sign = text.first(where: { "/\\<>*%&?".contains($0) }) {
                remarks.append(Remark("the summary holds '\(sign)'", at: node))
            }
        }
        return remarks
    }

    static let summaryEnding = rule(
        "connector-summary-ending", .information,
        page: RulePage(
            "Summaries end with a letter or a digit.", why: "A summary is a name, not a sentence.",
            fix: "remove the last character", example: "summary: List invoices")
    ) { context in
        context.operations.compactMap { operation in
            guard let node = operation.node["summary"], let last = node.string?.last else { return nil }
            if last.isLetter || last.isNumber || last == ")" { return nil }
            return Remark("the summary ends with '\(last)'", at: node)
        }
    }

    static let description = rule(
        "connector-operation-description", .warning,
        page: RulePage(
            "Each operation has a description.", why: "It is the help text of the action in the designer.",
            fix: "add 'description': one sentence", example: "get:\n  description: Gives the invoices of a customer.")
    ) { context in
        context.operations.filter { !$0.isInternal && ($0.node["description"]?.string ?? "").isEmpty }.map {
            Remark("operation '\($0.title)' has no description", at: $0.node, isAboutName: true)
        }
    }

    static let descriptionDiffers = rule(
        "connector-description-differs", .information,
        page: RulePage(
            "Description and summary of an operation differ.", why: "The same text twice explains nothing.",
            fix: "say in the description what the summary leaves out",
            example: "summary: List invoices\ndescription: Gives the invoices of a customer, newest first.")
    ) { context in
        context.operations.compactMap { operation in
            guard let node = operation.node["description"], let text = node.string, !text.isEmpty,
                let summary = operation.node["summary"]?.string, plain(text) == plain(summary)
            else { return nil }
            return Remark("the description says no more than the summary", at: node)
        }
    }

    static let descriptionEnding = rule(
        "connector-description-ending", .hint,
        page: RulePage(
            "Descriptions of operations end with a full stop.",
            why: "They are sentences, and are shown one after the other.",
            fix: "add a full stop", example: "description: Gives the invoices of a customer.")
    ) { context in
        context.operations.compactMap { operation in
            guard let node = operation.node["description"], let text = node.string, text.contains(" "),
                let last = text.last(where: { !$0.isWhitespace }), !".!?)".contains(last)
            else { return nil }
            return Remark("the description does not end with a full stop", at: node)
        }
    }

    static let actionCount = rule(
        "connector-action-count", .warning,
        page: RulePage(
            "The connector has at most 50 actions.",
            why:
                "Makers search the list of actions by eye, agents cannot use that many, and every change ships all of them.",
            fix: "split the connector by subject, or mark actions that nobody needs as internal", example: "")
    ) { context in
        let actions = context.operations.filter { !$0.isInternal && !$0.isTrigger }
        if actions.count <= 50 { return [] }
        return [Remark("the connector has \(actions.count) actions, more than 50", path: ["paths"], isAboutName: true)]
    }

    static let getBody = rule(
        "connector-get-body", .error,
        page: RulePage(
            "Operations that read send no body.", why: "A GET or HEAD with a body or form is refused on import.",
            fix: "send the value as a query parameter, or use POST", example: "post:\n  operationId: SearchInvoices")
    ) { context in
        context.operations.filter { ["get", "head"].contains($0.method) }.flatMap { operation in
            operation.parameters.filter { ["body", "formData"].contains($0.place) }.map {
                Remark(
                    "\(operation.method.uppercased()) '\(operation.title)' sends a body", at: $0.site,
                    keepsReference: true)
            }
        }
    }

    static let deprecatedReplacement = rule(
        "connector-deprecated-replacement", .information,
        page: RulePage(
            "A deprecated operation names its replacement.",
            why: "Makers are told what to use instead, and flows can be moved.",
            fix: "add 'x-ms-api-annotation' with 'replacement'",
            example:
                "deprecated: true\nx-ms-api-annotation: {family: ListInvoices, revision: 1, replacement: {api: contososales, operationId: ListInvoicesV2}}"
        )
    ) { context in
        context.operations.compactMap { operation in
            guard let node = operation.node["deprecated"], node.boolean == true else { return nil }
            let replacement = context.member(operation.node, ["x-ms-api-annotation", "replacement", "operationId"])
            guard let id = replacement?.string else {
                return Remark("deprecated operation '\(operation.title)' names no replacement", at: node)
            }
            return context.operations.contains { $0.id == id }
                ? nil : Remark("replacement '\(id)' does not exist", at: replacement)
        }
    }

    /// Lower case letters and digits only.
    private static func plain(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
