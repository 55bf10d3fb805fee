/// One line of the catalogue: what happened, and how bad that is at each place where it can happen.
struct ChangeRow: Sendable {
    let suffix: String
    let sentence: String
    /// Cells such as `Rb:E/M`: the place, the listed level (E, W, I) and the version part (M, m, p, -).
    let cells: String

    init(_ suffix: String, _ sentence: String, _ cells: String) {
        self.suffix = suffix
        self.sentence = sentence
        self.cells = cells
    }

    /// The places by their short names: the beginning of the id, and the words for people.
    static let places: [String: (prefix: String, phrase: String)] = [
        "Pp": ("request-parameter-property-", "a property of a parameter"),
        "Pa": ("request-parameter-", "a parameter"),
        "Ph": ("request-header-property-", "a property of a header parameter"),
        "Rr": ("request-read-only-property-", "a read-only property of the request"),
        "Ro": ("request-optional-property-", "an optional request property"),
        "Rq": ("request-required-property-", "a required request property"),
        "Rp": ("request-property-", "a request property"),
        "Rb": ("request-body-", "the request body"),
        "Sw": ("response-write-only-property-", "a write-only property of the response"),
        "Sow": ("response-optional-write-only-property-", "an optional write-only property of the response"),
        "Srw": ("response-required-write-only-property-", "a required write-only property of the response"),
        "So": ("response-optional-property-", "an optional response property"),
        "Sr": ("response-required-property-", "a required response property"),
        "Sp": ("response-property-", "a response property"),
        "Sb": ("response-body-", "the response body"),
        "Sh": ("response-header-", "a response header"),
        "Sm": ("response-mediatype-", "the response body"),
        "S": ("response-", "the response"),
        "R": ("request-", "the request"),
        "A": ("api-", "the operation"),
        "E": ("endpoint-", "the operation"),
        // A whole id.
        "=": ("", "it"),
    ]

    /// The kinds that the line stands for.
    var kinds: [ChangeKind] {
        cells.split(separator: " ").compactMap { cell in
            let parts = cell.split(separator: ":")
            guard parts.count == 2, let place = Self.places[String(parts[0])], parts[1].utf8.count == 3 else {
                return nil
            }
            let capital = place.phrase.prefix(1).uppercased() + place.phrase.dropFirst()
            let text = sentence.split(separator: "{", omittingEmptySubsequences: false).reduce(into: "") {
                text, piece in
                if piece.hasPrefix("it}") {
                    text += place.phrase + piece.dropFirst(3)
                } else if piece.hasPrefix("It}") {
                    text += capital + piece.dropFirst(3)
                } else {
                    text += piece
                }
            }
            return ChangeKind(
                id: place.prefix + suffix, semver: Self.semver(parts[1].last), explanation: text,
                listedLevel: Self.level(parts[1].first))
        }
    }

    private static func level(_ letter: Character?) -> Level {
        switch letter {
        case "E": .breaking
        case "W": .warning
        default: .info
        }
    }

    private static func semver(_ letter: Character?) -> Bump {
        switch letter {
        case "M": .major
        case "m": .minor
        case "p": .patch
        default: .none
        }
    }
}
