import Documents

extension SchemaValidator {
    func checkNumber(_ value: Node, _ schema: Node, _ run: inout Run) throws(SchemaFailure) {
        guard let number = value.number else { return }
        func mayGoOn() -> Bool { reportsAll || run.problems.isEmpty }
        let start = run.problems.count
        func clean() -> Bool { reportsAll || run.problems.count == start }
        let maximum = schema["maximum"]
        let minimum = schema["minimum"]
        let excludesMaximum = dialect == .draft4 && schema["exclusiveMaximum"]?.boolean == true
        let excludesMinimum = dialect == .draft4 && schema["exclusiveMinimum"]?.boolean == true
        if let maximum, let limit = maximum.number, excludesMaximum ? number >= limit : number > limit {
            run.fail("maximum", "must be \(excludesMaximum ? "<" : "<=") \(LintContext.printed(maximum))", value)
        }
        if clean(), let minimum, let limit = minimum.number, excludesMinimum ? number <= limit : number < limit {
            run.fail("minimum", "must be \(excludesMinimum ? ">" : ">=") \(LintContext.printed(minimum))", value)
        }
        if clean(), dialect > .draft4, let bound = schema["exclusiveMaximum"], let limit = bound.number, number >= limit
        {
            run.fail("exclusiveMaximum", "must be < \(LintContext.printed(bound))", value)
        }
        if clean(), dialect > .draft4, let bound = schema["exclusiveMinimum"], let limit = bound.number, number <= limit
        {
            run.fail("exclusiveMinimum", "must be > \(LintContext.printed(bound))", value)
        }
        if clean(), let factor = schema["multipleOf"], let divisor = factor.number, divisor != 0 {
            let quotient = number / divisor
            if abs(quotient - quotient.rounded()) > 1e-9 {
                run.fail("multipleOf", "must be multiple of \(LintContext.printed(factor))", value)
            }
        }
        if clean(), let format = schema["format"]?.string, !SchemaFormat.accepts(number: number, as: format) {
            run.fail("format", "must match format \"\(format)\"", value)
        }
    }

    func checkString(_ value: Node, _ schema: Node, _ run: inout Run) throws(SchemaFailure) {
        guard let text = value.string else { return }
        let start = run.problems.count
        func clean() -> Bool { reportsAll || run.problems.count == start }
        if let limit = schema["maxLength"]?.integer, text.unicodeScalars.count > limit {
            run.fail("maxLength", "must NOT have more than \(limit) characters", value)
        }
        if clean(), let limit = schema["minLength"]?.integer, text.unicodeScalars.count < limit {
            run.fail("minLength", "must NOT have fewer than \(limit) characters", value)
        }
        if clean(), let source = schema["pattern"]?.string {
            let pattern = try pattern(source)
            switch pattern.outcome(on: text) {
            case .match: break
            case .noMatch: run.fail("pattern", "must match pattern \"\(source)\"", value)
            case .tooSlow: throw SchemaFailure(reason: pattern.slowness)
            }
        }
        if clean(), let format = schema["format"]?.string, !SchemaFormat.accepts(text: text, as: format) {
            run.fail("format", "must match format \"\(format)\"", value)
        }
    }

    func pattern(_ source: String) throws(SchemaFailure) -> ScriptPattern {
        do {
            return try ScriptPattern(source)
        } catch {
            let hint = source.first.map { "?*+".contains($0) } == true ? ": Nothing to repeat" : ""
            throw SchemaFailure(reason: error.reason + hint)
        }
    }
}
