import Documents

extension OASRules {
    static let infoContact = Rule(
        "info-contact", .warning, given: ["$"], [.field("info.contact", .truthy)],
        description: "Info object must have \"contact\" object.",
        page: RulePage(
            "The definition says whom to ask about the API.",
            why: "People who find a problem need an address; certification of connectors asks for one.",
            fix: "add 'contact' with name, url and email to 'info'",
            example:
                "info:\n  contact: {name: Sales API team, url: https://contoso.example/help, email: api@contoso.example}"
        ))

    static let contactProperties = Rule(
        "contact-properties", .warning, recommended: false, given: ["$.info.contact"],
        [.field("name", .truthy), .field("url", .truthy), .field("email", .truthy)],
        description: "Contact object must have \"name\", \"url\" and \"email\".",
        page: RulePage(
            "The contact has a name, an address on the web and an e-mail address.",
            why: "Each serves another need: who, where to read, and where to write.",
            fix: "add what is missing to 'info.contact'",
            example: "contact: {name: Sales API team, url: https://contoso.example/help, email: api@contoso.example}"))

    static let infoDescription = Rule(
        "info-description", .warning, given: ["$"], [.field("info.description", .truthy)],
        description: "Info \"description\" must be present and non-empty string.",
        page: RulePage(
            "The definition describes what the API is for.",
            why: "The description is the first thing that people see in catalogues.",
            fix: "describe the API in 'info.description' in one to three sentences",
            example: "info:\n  description: Reads and creates the invoices of Contoso Sales."))

    static let infoLicense = Rule(
        "info-license", .warning, recommended: false, given: ["$"], [.field("info.license", .truthy)],
        description: "Info object must have \"license\" object.",
        page: RulePage(
            "The definition names the licence of the API.",
            why: "Users of a public API must know the terms.",
            fix: "add 'license' to 'info'", example: "info:\n  license: {name: MIT}"))

    static let licenseURL = Rule(
        "license-url", .warning, recommended: false, given: ["$"], [.field("info.license.url", .truthy)],
        description: "License object must include \"url\".",
        page: RulePage(
            "The licence can be looked up.", why: "A name alone can mean several texts.",
            fix: "add 'url' to 'info.license'", example: "license: {name: MIT, url: https://opensource.org/license/mit}"
        ))

    static let noEval = Rule(
        "no-eval-in-markdown", .warning, given: ["$..[description,title]"], [.init(.pattern(notMatch: "eval\\("))],
        description: "Markdown descriptions must not have \"eval(\".",
        page: RulePage(
            "No description or title calls eval.",
            why: "Descriptions are shown on web pages as Markdown; code in them may run there.",
            fix: "remove the call from the text", example: "description: The amount in euros."))

    static let noScriptTags = Rule(
        "no-script-tags-in-markdown", .warning, given: ["$..[description,title]"],
        [.init(.pattern(notMatch: "<script"))],
        description: "Markdown descriptions must not have \"<script>\" tags.",
        page: RulePage(
            "No description or title carries a script tag.",
            why: "Descriptions are shown on web pages as Markdown; a script in them may run there.",
            fix: "remove the tag from the text", example: "description: The amount in euros."))
}
