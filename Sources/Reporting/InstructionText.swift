import Documents

/// What a gate's manifest tells those who decide, which may have several lines.
enum InstructionText {
    /// The lines below each other, so that none looks like one of the report's own.
    static func of(_ instructions: String, indent: Int) -> String {
        let lines = instructions.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let text = lines.map { safeText(String($0)) }.joined(separator: "\n" + String(repeating: " ", count: indent))
        return String(text.reversed().drop(while: \.isWhitespace).reversed())
    }
}
