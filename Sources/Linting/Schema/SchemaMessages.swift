import Documents

/// Turns what a schema refuses into the remarks that people see: the telling problem of each place, in fixed words.
enum SchemaMessages {
    private final class Branch {
        var problems: [SchemaProblem] = []
        var keys: [String] = []
        var children: [String: Branch] = [:]
    }

    static func remarks(for problems: [SchemaProblem], of value: Node, named name: String?) -> [Remark] {
        if problems.isEmpty { return [] }
        let root = Branch()
        for problem in problems {
            var branch = root
            for key in problem.path {
                if let next = branch.children[key] {
                    branch = next
                } else {
                    let next = Branch()
                    branch.children[key] = next
                    branch.keys.append(key)
                    branch = next
                }
            }
            branch.problems.append(problem)
        }
        prune(root)
        var remarks: [Remark] = []
        collect(root, name, &remarks)
        return remarks
    }

    private static func prune(_ branch: Branch) {
        if let required = branch.problems.last(where: { $0.keyword == "required" }) {
            branch.problems = [required]
            branch.keys = []
            branch.children = [:]
        }
        if branch.problems.contains(where: { $0.keyword == "anyOf" }), !branch.keys.isEmpty { branch.problems = [] }
        for key in branch.keys {
            guard let child = branch.children[key] else { continue }
            let isEnum = !child.problems.isEmpty && child.problems.allSatisfy { $0.keyword == "enum" }
            let hasOthers = branch.keys.contains { other in
                other != key && branch.children[other].map { !$0.problems.isEmpty } == true
            }
            if isEnum, hasOthers {
                branch.keys.removeAll { $0 == key }
                branch.children[key] = nil
            } else {
                prune(child)
            }
        }
    }

    private static func collect(_ branch: Branch, _ name: String?, _ remarks: inout [Remark]) {
        if let first = branch.problems.first, branch.problems.allSatisfy({ $0.keyword == "enum" }) {
            var allowed: [Node] = []
            for value in branch.problems.flatMap(\.allowed)
            where !allowed.contains(where: { SchemaValidator.areEqual($0, value) }) {
                allowed.append(value)
            }
            remarks.append(Remark(enumMessage(first, allowed, first.path.last ?? name), path: first.path))
            return
        }
        for problem in branch.problems {
            remarks.append(Remark(message(problem, problem.path.last ?? name), path: problem.path))
        }
        for key in branch.keys {
            if let child = branch.children[key] { collect(child, name, &remarks) }
        }
    }

    private static func message(_ problem: SchemaProblem, _ name: String?) -> String {
        switch problem.keyword {
        case "additionalProperties": return "Property \"\(problem.property ?? "")\" is not expected to be here"
        case "required": return (name.map { "\"\($0)\" property " } ?? "Object ") + problem.message
        case "type": return (name.map { "\"\($0)\" property " } ?? "Value ") + "type " + problem.message
        case "enum": return enumMessage(problem, problem.allowed, name)
        default:
            let text = problem.message.replacing("must NOT", with: "must not")
            return (name.map { "\"\($0)\" property " } ?? kindTitle(problem.value)) + text
        }
    }

    private static func enumMessage(_ problem: SchemaProblem, _ allowed: [Node], _ name: String?) -> String {
        let list = allowed.map { LintContext.printed($0) }.joined(separator: ", ")
        let title = name.map { "\"\($0)\" property " } ?? kindTitle(problem.value)
        var message = "\(title)must be equal to one of the allowed values: \(list)"
        if let text = problem.value.string {
            let ranked = allowed.compactMap(\.string).map { ($0, distance($0, text)) }
                .enumerated().min { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }?.element
            if let (best, distance) = ranked, allowed.count == 1 || distance < best.utf16.count {
                message += ". Did you mean \"\(best)\"?"
            }
        }
        return message
    }

    private static func kindTitle(_ value: Node) -> String {
        switch value.kind {
        case .string: "String "
        case .number: "Number "
        case .boolean: "Boolean "
        case .array: "Array "
        case .object: "Object "
        case .null: "Value "
        }
    }

    /// The least number of insertions, deletions and replacements between two texts.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let cost = min(row[j] + 1, row[j + 1] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = cost
            }
        }
        return row[right.count]
    }
}
