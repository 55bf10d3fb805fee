/// Colour on a terminal, and nothing elsewhere.
public struct TextStyle: Sendable {
    private let color: Bool

    public init(color: Bool) { self.color = color }

    /// The text in the colour of a tone.
    public func apply(_ tone: EventNarrator.Tone, _ text: String) -> String {
        guard color else { return text }
        let code =
            switch tone {
            case .plain: ""
            case .good: "32"
            case .quiet: "2"
            case .attention: "33"
            case .bad: "1;31"
            }
        return code.isEmpty ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
