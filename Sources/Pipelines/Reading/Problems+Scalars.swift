import Documents

extension Problems {
    /// The text of a string; anything else is a problem, with quotes as the way out for other scalars.
    func text(_ node: Node, _ what: String) -> String? {
        if let text = node.string { return text }
        wrongType(node, what, "text")
        return nil
    }

    func integer(_ node: Node, _ what: String) -> Int? {
        if let integer = node.integer { return integer }
        wrongType(node, what, "a whole number")
        return nil
    }

    func boolean(_ node: Node, _ what: String) -> Bool? {
        if let boolean = node.boolean { return boolean }
        wrongType(node, what, "true or false")
        return nil
    }

    /// Seconds of a duration such as `10m`.
    func duration(_ node: Node, _ what: String) -> Double? {
        guard let text = node.string else {
            notDuration(node, what)
            return nil
        }
        guard let seconds = DurationText.seconds(text) else {
            notDuration(node, what)
            return nil
        }
        return seconds
    }

    /// Whether a duration is one in which something can happen; says so when not.
    @discardableResult
    func isSome(_ seconds: Double, _ node: Node, _ what: String, help: String) -> Bool {
        guard seconds <= 0 else { return true }
        report(
            "zero-duration", "\(what) must be more than nothing, not '\(node.string ?? "0s")'", at: node.location,
            help: help)
        return false
    }

    /// The longest time for which people, or packages, may be made to wait: ten years.
    static let longestWait = 3650 * 86_400.0

    /// Whether a duration is one that people and packages can be made to wait; says so when not.
    @discardableResult
    func isWait(_ seconds: Double, _ node: Node, _ what: String, help: String) -> Bool {
        guard isSome(seconds, node, what, help: help) else { return false }
        let written = node.string ?? ""
        if seconds < 1 {
            report("short-duration", "\(what) must be at least 1s, not '\(written)'", at: node.location, help: help)
            return false
        }
        if seconds > Self.longestWait {
            report(
                "long-duration", "\(what) must be at most 3650d, which is ten years, not '\(written)'",
                at: node.location, help: help)
            return false
        }
        return true
    }

    /// The elements of a list; a single value gets brackets as fix-it.
    func elements(_ node: Node, _ what: String) -> [Node]? {
        if node.kind == .array { return Array(node.elements) }
        report(
            "type", "\(what) must be a list, not \(Self.name(of: node))", at: node.location,
            fixIts: Self.brackets(around: node))
        return nil
    }

    /// A value that is one of a few words.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ node: Node, _ what: String, _: Word.Type) -> Word? {
        guard let text = text(node, what) else { return nil }
        if let word = Word(rawValue: text) { return word }
        unknown(
            "value", "\(what) cannot be '\(text)'", word: text, among: Word.allCases.map(\.rawValue), at: node.location)
        return nil
    }

    /// Whether a text can be a name; says why not.
    func isName(_ text: String, _ node: Node, _ what: String) -> Bool {
        if Self.isName(text) { return true }
        report(
            "name", "'\(text)' cannot be the name of \(what)", at: node.location,
            help: "names begin with a letter and have letters, digits, '-' and '_' after it")
        return false
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy {
            isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    func wrongType(_ node: Node, _ what: String, _ wanted: String) {
        if wanted == "text", let written = node.scalarText, node.kind == .number || node.kind == .boolean {
            let quoted = "\"\(written)\""
            report(
                "unquoted", "\(what) must be text, and without quotes '\(written)' is \(Self.name(of: node))",
                at: node.location, fixIts: [FixIt("put quotes around it", at: node.location, replacement: quoted)],
                help: "write \(quoted)")
            return
        }
        var fixIts: [FixIt] = []
        if let text = node.string, !text.isEmpty, !node.isPlainScalar,
            (wanted == "a whole number" && Int(text) != nil)
                || (wanted == "true or false" && (text == "true" || text == "false"))
        {
            fixIts = [FixIt("take the quotes away", at: node.location, replacement: text)]
        }
        if wanted == ValueType.list(.any).phrase { fixIts = Self.brackets(around: node) }
        report("type", "\(what) must be \(wanted), not \(Self.name(of: node))", at: node.location, fixIts: fixIts)
    }

    func notDuration(_ node: Node, _ what: String) {
        let written = node.scalarText.map { "'\($0)'" } ?? Self.name(of: node)
        report(
            "duration", "\(what) must be a duration, not \(written)", at: node.location,
            help: "a duration is a number with its unit: 500ms, 90s, 10m, 24h or 7d")
    }

    /// A node's kind in words.
    static func name(of node: Node) -> String {
        switch node.kind {
        case .null: "nothing"
        case .boolean: "true or false"
        case .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "a map"
        }
    }
}
