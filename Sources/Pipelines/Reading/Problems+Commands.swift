import Documents

extension Problems {
    /// Whether a command is written as one text where a list is due, which is reported with the list that does the same.
    func refusesText(ofCommand node: Node, _ what: String) -> Bool {
        guard let text = node.string, !ReferenceText.isNeeded(text) else { return false }
        let isMendable = Self.canBeList(node) && text.contains { !$0.isWhitespace }
        let list = isMendable ? Self.command(text) : nil
        if isMendable, list == nil { return false }
        report(
            "type", "\(what) must be a list, not text", at: node.location,
            fixIts: list.map { [FixIt("write \($0)", at: node.location, replacement: $0)] } ?? [],
            help: list == nil ? Self.commandHelp : nil)
        return true
    }

    /// How a command is written as a list.
    static let commandHelp = "such as '[sh, -c, \"COMMAND\"]'"

    /// What puts brackets around a value where a list is due.
    static func brackets(around node: Node) -> [FixIt] {
        guard node.scalarText != nil, !node.isNull, canBeList(node) else { return [] }
        return [FixIt("put brackets around it", at: node.location, replacement: "[\(node.location.text)]")]
    }

    /// Whether a list may stand in the place of a scalar: a block of lines has no place in one, and a tag would be wrong of it.
    private static func canBeList(_ node: Node) -> Bool {
        let written = node.location
        guard !["|", ">"].contains(written.text.prefix(1)) else { return false }
        var before = written.source.bytes[..<written.range.lowerBound]
        while let end = before.lastIndex(where: { $0 > 0x20 }) {
            let begin = before[...end].lastIndex { $0 <= 0x20 || "[{,".utf8.contains($0) }.map { $0 + 1 } ?? 0
            let word = before[begin...end]
            if word.first == UInt8(ascii: "!") { return false }
            // An anchor may stand between the two.
            guard word.first == UInt8(ascii: "&") else { return true }
            before = before[..<begin]
        }
        return true
    }

    /// The list for a command line: its words, or a shell where it has more than words; nil where brackets are all that it lacks.
    private static func command(_ line: String) -> String? {
        let words = line.split(separator: " ")
        guard let program = words.first else { return nil }
        // Before the program, 'a=b' would set a variable; a word of the shell itself is no program.
        guard !program.contains("="), !shellWords.contains(String(program)),
            line.utf8.allSatisfy({ $0 == UInt8(ascii: " ") || isPlain($0) })
        else {
            return "[sh, -c, \(Value.string(line).json())]"
        }
        if words.count == 1, line.utf8.count == program.utf8.count { return nil }
        return "[\(words.map { bare($0) }.joined(separator: ", "))]"
    }

    /// What only a shell understands as the first word of a command.
    private static let shellWords: Set<String> = [
        ".", ":", "alias", "cd", "declare", "eval", "exec", "exit", "export", "local", "popd", "pushd", "read",
        "readonly", "return", "set", "shift", "source", "trap", "typeset", "ulimit", "umask", "unalias", "unset",
        "wait",
    ]

    /// Whether a byte is itself to a shell.
    private static func isPlain(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte >= 0x80 || "_-./+=:,@%".utf8.contains(byte)
    }

    /// A word as it stands in a list: without quotes where it is a text so too.
    private static func bare(_ word: Substring) -> String {
        let isText = word.utf8.first.map { isLetter($0) || "-./".utf8.contains($0) } ?? false
        let isSafe =
            isText && word.utf8.contains(where: isLetter) && Double(word) == nil
            && word.utf8.allSatisfy { isLetter($0) || isDigit($0) || "_-./+=".utf8.contains($0) }
            && !["true", "false", "null", "yes", "no", "on", "off", "y", "n", ".inf", "-.inf", ".nan"]
                .contains(word.lowercased())
        return isSafe ? String(word) : Value.string(String(word)).json()
    }
}
