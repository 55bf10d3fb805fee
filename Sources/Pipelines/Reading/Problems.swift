import Documents

/// Collects what is wrong with manifests; the same thing at the same place counts once.
final class Problems {
    private struct Key: Hashable {
        var code: String
        var message: String
        var location: Location?
    }

    private(set) var diagnostics: [Diagnostic] = []
    private var seen: Set<Key> = []
    /// Where the template whose stages are being looked at is used.
    var trail: [Diagnostic.Note] = []
    /// Spelling costs time, so only so many misspelt words are looked up.
    private var lookups = 100

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    func add(_ diagnostic: Diagnostic) {
        guard
            seen.insert(Key(code: diagnostic.code, message: diagnostic.message, location: diagnostic.location)).inserted
        else { return }
        diagnostics.append(diagnostic)
    }

    func report(
        _ code: String, _ message: String, at location: Location?, notes: [Diagnostic.Note] = [], fixIts: [FixIt] = [],
        help: String? = nil
    ) {
        add(
            Diagnostic(
                "manifest/" + code, message, at: location, notes: notes + trail.reversed(), fixIts: fixIts, help: help))
    }

    /// Reports a word that names nothing, with the nearest one that does.
    func unknown(
        _ code: String, _ message: String, word: String, among known: @autoclosure () -> [String],
        at location: Location,
        notes: [Diagnostic.Note] = [], otherwise: String? = nil
    ) {
        guard lookups > 0 else { return report(code, message, at: location, notes: notes) }
        lookups -= 1
        let known = known()
        guard let nearest = suggestion(for: word, among: known) else {
            return report(code, message, at: location, notes: notes, help: otherwise ?? Self.choice(of: known))
        }
        report(
            code, message, at: location, notes: notes,
            fixIts: [FixIt("write '\(nearest)'", at: location, replacement: nearest)],
            help: "did you mean '\(nearest)'?")
    }

    /// The known words, as help for a word that is like none of them.
    static func choice(of known: [String]) -> String? {
        var seen: Set<String> = []
        let known = known.filter { seen.insert($0).inserted }
        guard !known.isEmpty, known.count <= 12 else { return nil }
        return known.count == 1 ? "there is only '\(known[0])'" : "known are \(list(known))"
    }

    /// Words in quotes with commas.
    static func list(_ words: some Sequence<String>) -> String { words.map { "'\($0)'" }.joined(separator: ", ") }
}
