extension String {
    /// Short, and without anything that moves a terminal's cursor: for messages that quote what a file holds.
    var printable: String {
        let shown = unicodeScalars.prefix(60).map { scalar in
            scalar.value >= 0x20 && scalar.value < 0x7F ? Character(scalar) : "?"
        }
        return String(shown) + (unicodeScalars.count > 60 ? "..." : "")
    }
}
