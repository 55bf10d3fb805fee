import Documents

extension OASRules {
    static let pathDeclarations = Rule(
        "path-declarations-must-exist", .warning, given: ["$.paths"], [.names(.pattern(notMatch: "\\{\\}"))],
        description: "Path parameter declarations must not be empty, ex.\"/given/{}\" is invalid.",
        page: RulePage(
            "Each variable of a path has a name.", why: "A variable without a name cannot be filled.",
            fix: "write the parameter's name between the braces", example: "/invoices/{number}"))

    static let pathTrailingSlash = Rule(
        "path-keys-no-trailing-slash", .warning, given: ["$.paths"], [.names(.pattern(notMatch: ".+\\/$"))],
        description: "Path must not end with slash.",
        page: RulePage(
            "Paths do not end in a slash.", why: "Servers treat the path with and without it as two things.",
            fix: "remove the last slash", example: "/invoices"))

    static let pathQuery = Rule(
        "path-not-include-query", .warning, given: ["$.paths"], [.names(.pattern(notMatch: "\\?"))],
        description: "Path must not include query string.",
        page: RulePage(
            "Paths hold no query.", why: "Query values are parameters; written into the path they cannot be changed.",
            fix: "make a parameter 'in: query' of it", example: "/invoices with {name: status, in: query}"))

    static let pathParams = Rule(
        "path-params", .error, given: ["$"], [.init(pathParameters)], description: nil, message: "{{error}}",
        page: RulePage(
            "The variables of a path and its path parameters are the same.",
            why: "A variable without parameter cannot be filled, a parameter without variable is never sent.",
            fix: "declare each variable as a required parameter 'in: path', and no others",
            example:
                "/invoices/{number}:\n  get:\n    parameters: [{name: number, in: path, required: true, type: string}]")
    )

    private struct Variable {
        var name: String
        var node: Node
    }

    private static let pathParameters = RuleFunction("pathParameters") { _, context in
        guard let paths = context.member(context.document.root, "paths"), paths.kind == .object else { return [] }
        var remarks: [Remark] = []
        var shapes: [String: String] = [:]
        for path in paths.members {
            let (shape, variables) = template(path.key)
            if let other = shapes[shape] {
                remarks.append(
                    Remark(
                        "Paths \"\(other)\" and \"\(path.key)\" must not be equivalent.", at: path.value,
                        isAboutName: true))
            } else {
                shapes[shape] = path.key
            }
            var used: [String] = []
            for name in variables {
                if used.contains(name) {
                    remarks.append(
                        Remark(
                            "Path \"\(path.key)\" must not use parameter \"{\(name)}\" multiple times.", at: path.value,
                            isAboutName: true))
                } else {
                    used.append(name)
                }
            }
            let item = context.resolve(path.value)
            let shared = declared(item, context, &remarks)
            for method in item.members where methodNames.contains(method.key) {
                let operation = context.resolve(method.value)
                let own = declared(operation, context, &remarks)
                let all = own + shared.filter { variable in !own.contains { $0.name == variable.name } }
                for variable in all where !used.contains(variable.name) {
                    remarks.append(
                        Remark(
                            "Parameter \"\(variable.name)\" must be used in path \"\(path.key)\".", at: variable.node,
                            keepsReference: true))
                }
                for name in used where !all.contains(where: { $0.name == name }) {
                    remarks.append(
                        Remark(
                            "Operation must define parameter \"{\(name)}\" as expected by path \"\(path.key)\".",
                            at: method.value, isAboutName: true))
                }
            }
        }
        return remarks
    }

    /// The path parameters of a list, with what is wrong with them one by one.
    private static func declared(_ holder: Node, _ context: LintContext, _ remarks: inout [Remark]) -> [Variable] {
        guard let list = context.member(holder, "parameters"), list.kind == .array else { return [] }
        var variables: [Variable] = []
        for element in list.elements {
            let parameter = context.resolve(element)
            guard parameter["in"]?.string == "path", let name = parameter["name"]?.string else { continue }
            if parameter["required"]?.boolean != true {
                remarks.append(
                    Remark(
                        "Path parameter \"\(name)\" must have \"required\" property that is set to \"true\".",
                        at: element, keepsReference: true))
            }
            if variables.contains(where: { $0.name == name }) {
                remarks.append(
                    Remark(
                        "Path parameter \"\(name)\" must not be defined multiple times.", at: element,
                        keepsReference: true))
            } else {
                variables.append(Variable(name: name, node: element))
            }
        }
        return variables
    }

    /// A path with its variables blanked out, and their names.
    static func template(_ path: String) -> (shape: String, names: [String]) {
        var shape = ""
        var names: [String] = []
        var rest = Substring(path)
        while let next = rest.popFirst() {
            if next == "{", let end = rest.firstIndex(of: "}") {
                var name = rest[..<end]
                while let mark = name.first, mark == ";" || mark == "?" { name.removeFirst() }
                if name.last == "*" { name.removeLast() }
                // Published connectors have names with spaces, so that only what cannot be a name is left out.
                let isName = !name.isEmpty && !name.contains { "{}/;?".contains($0) }
                if isName {
                    names.append(String(name))
                    shape += "{}"
                    rest = rest[end...].dropFirst()
                    continue
                }
            }
            shape.append(next)
        }
        return (shape, names)
    }
}
