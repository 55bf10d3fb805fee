import CLibGit2

/// The rules for names of tags, with the reason when one is broken.
public enum TagName {
    /// Why git would refuse the name, or nil when it is fine.
    public static func problem(with name: String) -> String? {
        if name.isEmpty { return "a tag's name may not be empty" }
        if name.utf8.count > 200 { return "a tag's name may not be longer than 200 bytes" }
        func because(_ reason: String) -> String { "the tag name '\(shown(name))' \(reason)" }
        if let bad = name.unicodeScalars.first(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return because("has a control character (U+\(String(bad.value, radix: 16, uppercase: true)))")
        }
        if name.contains(" ") { return because("has a space") }
        if let bad = name.first(where: { "~^:?*[\\".contains($0) }) { return because("has a '\(bad)'") }
        for part in ["..", "@{", "//"] where name.contains(part) { return because("has '\(part)'") }
        if name.hasPrefix("-") { return because("begins with '-'") }
        if name.hasPrefix("/") || name.hasSuffix("/") { return because("begins or ends with '/'") }
        if name.hasSuffix(".") { return because("ends with '.'") }
        if name == "@" { return because("is '@' alone") }
        for part in name.split(separator: "/") {
            if part.hasPrefix(".") { return because("has a part that begins with '.'") }
            if part.hasSuffix(".lock") { return because("has a part that ends with '.lock'") }
        }
        if name.hasPrefix("refs/") { return because("begins with 'refs/'; write the name alone") }
        GitLibrary.start()
        var valid: Int32 = 0
        guard git_tag_name_is_valid(&valid, name) == 0, valid == 1 else {
            return because("is not one that git accepts")
        }
        return nil
    }

    private static func shown(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
    }
}
