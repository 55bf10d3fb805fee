import Documents

extension RuleFunction {
    static func unreferencedReusableObject(_ options: FunctionOptions) throws(OptionsProblem) -> RuleFunction {
        let example =
            "{ \"reusableObjectsLocation\": \"#/components/schemas\" }, { \"reusableObjectsLocation\": \"#/$defs\" }"
        guard let map = try options.map(known: ["reusableObjectsLocation"]) else {
            throw options.invalid(example: example)
        }
        guard let location = map["reusableObjectsLocation"]?.string, location == "#" || location.hasPrefix("#/") else {
            throw OptionsProblem(
                "\"unreferencedReusableObject\" and its \"reusableObjectsLocation\" option support only valid "
                    + "JSON Pointer fragments, i.e. \"#\", \"#/foo\", \"#/paths/~1user\"",
                at: ["reusableObjectsLocation"])
        }
        return .unreferencedReusableObject(at: location)
    }

    /// Wants each member of a map to be the target of some reference.
    static func unreferencedReusableObject(at location: String) -> RuleFunction {
        RuleFunction("unreferencedReusableObject") { target, context in
            guard let value = target.value, value.kind == .object else { return [] }
            let used = context.referencedTargets
            return value.members.compactMap { member in
                used.contains(member.value)
                    ? nil : Remark("Potential orphaned reusable object has been detected", path: [member.key])
            }
        }
    }

    /// Wants each local reference to lead somewhere.
    static let unresolvedReferences = RuleFunction("unresolvedReferences") { target, context in
        let within = target.value?.range ?? target.site.range
        return context.references.compactMap { reference in
            guard reference.text.hasPrefix("#"), within.contains(reference.node.range.lowerBound) else { return nil }
            if context.target(of: reference.text) != nil { return nil }
            return Remark("'\(reference.text)' does not exist", at: reference.node, path: ["$ref"])
        }
    }
}
