/// Whether a text from a store may be a part of a path: other programs may have written it.
enum PathPart {
    /// Whether a text names one file in its folder: no `/`, no control characters, no dot in front.
    static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 240 && !text.hasPrefix(".")
            && text.unicodeScalars.allSatisfy { $0 != "/" && $0.properties.generalCategory != .control }
    }

    /// A text as the name of one file in its folder; one that leads elsewhere gets a `~` in front and for each strange sign.
    static func plain(_ text: String) -> String {
        guard !isPlain(text) else { return text }
        return "~" + String(text.map { isPlain("a\($0)") ? $0 : "~" }.prefix(150))
    }
}

extension RunID {
    /// Whether almrun may have given the name: no other one is ever a part of a path.
    public var isPlain: Bool { PathPart.isPlain(rawValue) }
}
