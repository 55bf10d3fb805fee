/// Settings of git that stand in variables: `GIT_CONFIG_COUNT` with its pairs, and what `git -c` hands to the commands it starts.
enum GitParameters {
    /// The pairs, keys in lower case, those first that give way to the others.
    static func pairs(_ environment: [String: String]) throws(GitError) -> [(key: String, value: String)] {
        try counted(environment) + quoted(environment["GIT_CONFIG_PARAMETERS"] ?? "")
    }

    /// `GIT_CONFIG_KEY_0`, `GIT_CONFIG_VALUE_0` and so on.
    private static func counted(
        _ environment: [String: String]
    ) throws(GitError) -> [(key: String, value: String)] {
        guard let text = environment["GIT_CONFIG_COUNT"], !text.isEmpty else { return [] }
        guard let count = Int(text), (0...Int(Int32.max)).contains(count) else {
            throw GitError(.noIdentity, "GIT_CONFIG_COUNT is '\(text)', not the number of settings that follow")
        }
        var found: [(key: String, value: String)] = []
        for number in 0..<count {
            guard let key = environment["GIT_CONFIG_KEY_\(number)"],
                let value = environment["GIT_CONFIG_VALUE_\(number)"]
            else {
                throw GitError(
                    .noIdentity,
                    "GIT_CONFIG_COUNT is \(count), and GIT_CONFIG_KEY_\(number) or GIT_CONFIG_VALUE_\(number) is missing"
                )
            }
            found.append((key.lowercased(), value))
        }
        return found
    }

    /// `'user.email'='ann@contoso.com'`, or in the older form `'user.email=ann@contoso.com'`, with blanks between them.
    private static func quoted(_ text: String) throws(GitError) -> [(key: String, value: String)] {
        let wrong = GitError(.noIdentity, "GIT_CONFIG_PARAMETERS is not as git writes it")
        var rest = Array(text)[...]
        var found: [(key: String, value: String)] = []
        rest = rest.drop(while: \.isWhitespace)
        while !rest.isEmpty {
            guard let first = word(&rest) else { throw wrong }
            if rest.first == "=" {
                rest.removeFirst()
                var value = "true"
                if rest.first == "'" {
                    guard let second = word(&rest) else { throw wrong }
                    value = second
                }
                found.append((first.lowercased(), value))
            } else {
                let parts = first.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                found.append((parts[0].lowercased(), parts.count > 1 ? String(parts[1]) : "true"))
            }
            guard rest.first?.isWhitespace ?? true else { throw wrong }
            rest = rest.drop(while: \.isWhitespace)
        }
        return found
    }

    /// Takes one word in single quotes off the front; a quote or an exclamation mark in it stands outside behind a backslash.
    private static func word(_ rest: inout ArraySlice<Character>) -> String? {
        guard rest.popFirst() == "'" else { return nil }
        var found = ""
        while let next = rest.popFirst() {
            guard next == "'" else {
                found.append(next)
                continue
            }
            let after = Array(rest.prefix(3))
            guard after.count == 3, after[0] == "\\", "'!".contains(after[1]), after[2] == "'" else { return found }
            found.append(after[1])
            rest = rest.dropFirst(3)
        }
        return nil
    }
}
