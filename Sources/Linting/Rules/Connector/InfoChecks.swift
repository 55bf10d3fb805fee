import Documents

extension ConnectorRules {
    static let swaggerVersion = rule(
        "connector-swagger-version", .error, [.oas3],
        page: RulePage(
            "A connector's definition is a Swagger 2.0 document.",
            why: "Power Platform does not import OpenAPI 3 as a custom connector.",
            fix: "convert the definition to Swagger 2.0", example: "swagger: '2.0'")
    ) { context in
        [Remark("a connector needs Swagger 2.0; OpenAPI 3 is not imported", path: ["openapi"])]
    }

    static let title = rule(
        "connector-title", .warning,
        page: RulePage(
            "The title is there and has at most 30 characters.",
            why: "It is the connector's name wherever people choose one; longer ones are cut and fail certification.",
            fix: "shorten 'info.title'", example: "info:\n  title: Contoso Sales")
    ) { context in
        guard let title = context.member(context.document.root, ["info", "title"])?.string, !title.isEmpty else {
            return [Remark("the title is missing", path: ["info", "title"])]
        }
        if title.count <= 30 { return [] }
        return [Remark("the title has \(title.count) characters, 30 are allowed", path: ["info", "title"])]
    }

    private static let products = [
        "power apps", "powerapps", "power automate", "logic apps", "power platform", "copilot studio",
    ]

    static let titleWords = rule(
        "connector-title-words", .warning,
        page: RulePage(
            "The title names the service, not what it is made of.",
            why:
                "'API', 'Connector' and names of Microsoft products are refused by certification; everything in the list is a connector.",
            fix: "leave the word out, and end with a letter or digit", example: "info:\n  title: Contoso Sales")
    ) { context in
        guard let title = context.member(context.document.root, ["info", "title"])?.string else { return [] }
        var remarks: [Remark] = []
        let words = title.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        for word in ["api", "connector"] where words.contains(word) {
            remarks.append(Remark("the title contains the word '\(word)'", path: ["info", "title"]))
        }
        for product in products where title.lowercased().contains(product) {
            remarks.append(Remark("the title contains '\(product)'", path: ["info", "title"]))
        }
        if let last = title.last, !last.isLetter, !last.isNumber, last != ")" {
            remarks.append(Remark("the title ends with '\(last)'", path: ["info", "title"]))
        }
        return remarks
    }

    static let infoDescription = rule(
        "connector-description-length", .warning,
        page: RulePage(
            "The connector's description has 30 to 500 characters.",
            why: "Makers choose a connector by it; certification enforces the bounds.",
            fix: "say in a few sentences what the service does and what can be done with it",
            example:
                "info:\n  description: Contoso Sales keeps invoices and customers. List, read and create them from your flows."
        )
    ) { context in
        guard let text = context.member(context.document.root, ["info", "description"])?.string else { return [] }
        if (30...500).contains(text.count) { return [] }
        return [
            Remark("the description has \(text.count) characters, not 30 to 500", path: ["info", "description"])
        ]
    }

    static let descriptionWords = rule(
        "connector-description-words", .warning,
        page: RulePage(
            "The connector's description names no Microsoft product.",
            why: "The same connector serves all of them; certification refuses their names.",
            fix: "leave the product's name out",
            example: "info:\n  description: Reads and creates invoices of Contoso Sales.")
    ) { context in
        guard let text = context.member(context.document.root, ["info", "description"])?.string?.lowercased() else {
            return []
        }
        return products.filter { text.contains($0) }.map {
            Remark("the description contains '\($0)'", path: ["info", "description"])
        }
    }

    static let metadata = rule(
        "connector-metadata", .information,
        page: RulePage(
            "'x-ms-connector-metadata' gives website, privacy policy and categories.",
            why: "Certification requires them, and catalogues show them.",
            fix: "add the three entries",
            example:
                "x-ms-connector-metadata:\n  - {propertyName: Website, propertyValue: https://contoso.example}\n  - {propertyName: Privacy policy, propertyValue: https://contoso.example/privacy}\n  - {propertyName: Categories, propertyValue: Sales and CRM}"
        )
    ) { context in
        guard let list = context.document.root["x-ms-connector-metadata"] else {
            return [Remark("'x-ms-connector-metadata' is missing", path: ["x-ms-connector-metadata"])]
        }
        let names = Set(list.elements.compactMap { $0["propertyName"]?.string?.lowercased() })
        return ["Website", "Privacy policy", "Categories"].filter { !names.contains($0.lowercased()) }.map {
            Remark("'x-ms-connector-metadata' has no '\($0)'", at: list)
        }
    }

    static let definitionSize = rule(
        "connector-definition-size", .warning,
        page: RulePage(
            "The definition has at most 500,000 characters without its white space.",
            why: "Dataverse, which keeps the connector of a solution, documents that bound.",
            fix: "leave out operations that nobody uses, and shorten texts and examples", example: "")
    ) { context in
        var size = 0
        var isInText = false
        var isEscaped = false
        for byte in context.document.source.bytes {
            if isInText {
                size += 1
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
            } else if byte > 0x20 {
                size += 1
                if byte == UInt8(ascii: "\"") { isInText = true }
            }
        }
        if size <= 500_000 { return [] }
        return [Remark("the definition has \(size) characters, Dataverse keeps 500000", path: ["swagger"])]
    }
}
