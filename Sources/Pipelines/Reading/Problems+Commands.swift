import Documents

extension Problems {
    /// Whether a command is written as one text where a list is due, which is reported with the list that does the same.
    func refusesText(ofCommand node: Node, _ what: String) -> Bool {
        guard let text = node.string, !ReferenceText.isNeeded(text), let list = Self.command(text) else { return false }
        // What stands in a block of lines has no place beside others in a list.
        let isBlock = ["|", ">"].contains(node.location.text.prefix(1))
        report(
            "type", "\(what) must be a list, not text", at: node.location,
            fixIts: isBlock ? [] : [FixIt("write \(list)", at: node.location, replacement: list)],
            help: isBlock ? "such as '[sh, -c, \"COMMAND\"]'" : nil)
        return true
    }

    /// The list for a command line: its words, or a shell where it has more than words; nil where brackets are all that it lacks.
    private static func command(_ line: String) -> String? {
        let words = line.split(separator: " ")
        guard let program = words.first else { return nil }
        // Before the program, 'a=b' would set a variable.
        guard !program.contains("="), line.utf8.allSatisfy({ $0 == UInt8(ascii: " ") || isPlain($0) }) else {
            return "[sh, -c, \(Value.string(line).json())]"
        }
        if words.count == 1, line.utf8.count == program.utf8.count { return nil }
        return "[\(words.map { bare($0) }.joined(separator: ", "))]"
    }

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
