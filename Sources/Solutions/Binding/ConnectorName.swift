/// The names of a connector: where it is custom, each environment gives it another id, so that names are compared loosely.
public enum ConnectorName {
    /// Whether two names that an environment is given, or holds, mean one connector: each may be an id or a name.
    public static func areSame(_ one: String, _ other: String) -> Bool {
        if one == other { return true }
        // Two ids are compared whole: those of custom connectors differ in their suffixes only.
        guard isID(one) != isID(other) else { return isID(one) && path(one) == path(other) }
        return !forms(of: one, prefix: "").isDisjoint(with: forms(of: other, prefix: ""))
    }

    /// Whether a name in an environment file can mean the connector of a connection reference.
    static func agrees(_ name: String, with reference: ConnectionReference, connector: Connector?, prefix: String)
        -> Bool
    {
        let own = forms(of: name, prefix: prefix)
        var others = forms(of: reference.connectorID ?? "", prefix: prefix)
        if let connector {
            others.formUnion(forms(of: connector.name, prefix: prefix))
            others.formUnion(forms(of: connector.displayName ?? "", prefix: prefix))
        }
        return !own.isDisjoint(with: others)
    }

    /// Whether a text is an API id or a whole connector id, which an import takes as it is.
    static func isID(_ name: String) -> Bool { name.hasPrefix("/") || name.hasPrefix("shared_") }

    /// The whole id of an API id.
    static func path(_ name: String) -> String {
        name.hasPrefix("/") ? name : "/providers/Microsoft.PowerApps/apis/\(name)"
    }

    /// Every way to read a name: last part, without `shared_`, suffixes and prefix, escapes decoded; letters and digits only.
    private static func forms(of name: String, prefix: String) -> Set<String> {
        var base = name.split(separator: "/").last.map(String.init)?.lowercased() ?? ""
        if base.hasPrefix("shared_") { base = String(base.dropFirst("shared_".count)) }
        var forms: Set<String> = []
        for candidate in [base, withoutSuffixes(base)] {
            for text in [candidate, decoded(candidate)] {
                let plain = letters(text)
                forms.insert(plain)
                let mark = letters(prefix)
                if !mark.isEmpty, text.hasPrefix(prefix.lowercased() + "_") {
                    forms.insert(String(plain.dropFirst(mark.count)))
                }
            }
        }
        forms.remove("")
        return forms
    }

    /// Drops the `-5f` and 16 hexadecimal digits that an environment adds, once or several times.
    private static func withoutSuffixes(_ name: String) -> String {
        var name = name
        while name.utf8.count > 19, name.dropLast(16).hasSuffix("-5f"), name.suffix(16).allSatisfy(\.isHexDigit) {
            name = String(name.dropLast(19))
        }
        return name
    }

    /// `-20`, `-2d`, `_5f` and the like as the characters that they stand for.
    private static func decoded(_ name: String) -> String {
        var result = ""
        var rest = name[...]
        while let character = rest.first {
            let digits = rest.dropFirst().prefix(2)
            if character == "-" || character == "_", digits.count == 2, let code = UInt8(digits, radix: 16),
                (0x20..<0x7F).contains(code)
            {
                result.unicodeScalars.append(Unicode.Scalar(code))
                rest = rest.dropFirst(3)
            } else {
                result.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private static func letters(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
}
