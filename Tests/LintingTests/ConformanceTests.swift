import Documents
import Foundation
import Testing

@testable import Linting

/// The published cases of the tool whose rulesets we read: what we reach must not get less.
@Suite(
    .enabled(if: ProcessInfo.processInfo.environment["ALMRUN_CONFORMANCE"] == "1", "set ALMRUN_CONFORMANCE=1"),
    .enabled(if: SampleFolder.isPresent, "sample data beside the checkout is missing"), .serialized)
struct ConformanceTests {
    private struct Tally {
        var passed: [String: Int] = [:]
        var total: [String: Int] = [:]
        var failures: [String] = []

        mutating func count(_ group: String, _ name: String, _ problem: String?) {
            total[group, default: 0] += 1
            if let problem {
                failures.append("\(group): \(name)\n    \(problem)")
            } else {
                passed[group, default: 0] += 1
            }
        }

        func show(_ title: String) -> Int {
            let sum = passed.values.reduce(0, +)
            print("\n\(title): \(sum) of \(total.values.reduce(0, +))")
            for (group, count) in total.sorted(by: { $0.key < $1.key }) {
                print("  \(passed[group] ?? 0)/\(count)\t\(group)")
            }
            for failure in failures { print("- \(failure)") }
            return sum
        }
    }

    @Test func rules() throws {
        let cases = try Document(path: SampleFolder.path + "/conformance/lint/spectral-oas.json")
        var tally = Tally()
        for node in cases.root.elements {
            let code = try #require(node["rule"]?.string)
            let name = node["name"]?.string ?? ""
            guard let rule = OASRules.all.first(where: { $0.code == code }) else {
                tally.count(code, name, "there is no such rule")
                continue
            }
            let text = node["text"]?.string ?? node["document"]?.value.json() ?? "null"
            let document = try Document(text: text, file: "document.json")
            let linter = Linter(ruleset: Ruleset(entries: [(code, .init(rule: rule, isEnabled: true))]))
            let found = linter.lint(document).findings.filter { $0.code == code }
            tally.count(code, name, difference(found, Array(try #require(node["errors"]).elements)))
        }
        #expect(tally.show("spectral:oas") >= 163)
    }

    private func difference(_ found: [Finding], _ expected: [Node]) -> String? {
        let shown = found.map { "\($0.pointer ?? "-") \($0.severity) \($0.message)" }.joined(separator: "\n      ")
        let wanted = expected.map { $0.value.json() }.joined(separator: "\n      ")
        let report = "found\n      \(shown)\n    wanted\n      \(wanted)"
        guard found.count == expected.count else { return report }
        let severities: [Severity] = [.error, .warning, .information, .hint]
        for (finding, wanted) in zip(found, expected) {
            if let message = wanted["message"], message.string != finding.message { return report }
            if let severity = wanted["severity"]?.integer, severities[severity] != finding.severity { return report }
            if let path = wanted["path"], path.kind == .array {
                let parts = path.elements.compactMap(\.scalarText)
                if Pointer(parts: parts).description != finding.pointer { return report }
            }
        }
        return nil
    }

    @Test func functions() throws {
        let cases = try Document(path: SampleFolder.path + "/conformance/lint/spectral-functions.json")
        var tally = Tally()
        for node in cases.root.elements {
            let function = try #require(node["fn"]?.string)
            let problem = try problem(of: node, function)
            tally.count(function, node["test"]?.string ?? "", problem)
        }
        #expect(tally.show("core functions") >= 213)
    }

    private func problem(of node: Node, _ name: String) throws -> String? {
        let kind = try #require(node["kind"]?.string)
        let input = try Document(text: node["input"]?.value.json() ?? "null", file: "input.json")
        let options = try Document(
            text: plain(node["options"]?.value.json() ?? "null"), file: "options.json")
        let function: RuleFunction
        do {
            function = try #require(try FunctionTable.make(name, options: options.root))
        } catch let problem as OptionsProblem {
            guard kind.hasPrefix("throws") else { return "options refused: \(problem.message)" }
            let wanted = node["expected"]?["errors"]?[0]
            let message = wanted?["message"]?.string ?? node["expected"]?.string
            if message != problem.message { return "\(problem.message)\n    wanted \(message ?? "-")" }
            let path = wanted?["path"]?.elements.compactMap(\.scalarText) ?? []
            if !path.isEmpty, Array(path.dropFirst(4)) != problem.path { return "path \(problem.path)" }
            return nil
        }
        if kind.hasPrefix("throws") { return "options accepted, wanted \(node["expected"]?.value.json() ?? "")" }
        if kind == "toBeInstanceOf" { return nil }
        let context = LintContext(input)
        let remarks = function.check(Target(value: input.root, site: input.root), context)
        let shown = remarks.map { "\($0.path) \($0.message)" }.joined(separator: "; ")
        guard let expected = node["expected"] else { return nil }
        if kind == "toHaveLength" { return remarks.count == expected.integer ? nil : shown }
        guard remarks.count == expected.count else { return "\(shown)\n    wanted \(expected.value.json())" }
        for (remark, wanted) in zip(remarks, expected.elements) {
            if let pattern = wanted["message"]?["$stringMatching"]?.string {
                if try !ScriptPattern(written: pattern).matches(remark.message) { return shown }
            } else if wanted["message"]?.string != remark.message {
                return "\(shown)\n    wanted \(expected.value.json())"
            }
            let path = wanted["path"]?.elements.compactMap(\.scalarText) ?? []
            if path != remark.path { return "\(shown)\n    wanted \(expected.value.json())" }
        }
        return nil
    }

    /// Options with their regular expressions written as text.
    private func plain(_ json: String) -> String {
        json.replacing(/\{"\$re":("(?:[^"\\]|\\.)*")\}/) { String($0.output.1) }
    }
}
