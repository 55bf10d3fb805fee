/// Collects what a reader finds wrong, up to a limit, one problem a place.
struct Problems {
    let source: Source
    private let limit: Int
    private(set) var diagnostics: [Diagnostic] = []
    /// Something after which there is no document.
    private(set) var isFatal = false
    private var lastStart = -1

    init(source: Source, limit: Int) {
        self.source = source
        self.limit = max(limit, 1)
    }

    /// Whether reading goes on.
    var isOpen: Bool { !isFatal }

    func location(_ range: Range<Int>) -> Location {
        Location(source: source, range: range.clamped(to: 0..<source.bytes.count))
    }

    mutating func report(
        _ code: String, _ message: String, _ range: Range<Int>, notes: [Diagnostic.Note] = [], fixIts: [FixIt] = [],
        help: String? = nil
    ) {
        guard isOpen, range.lowerBound != lastStart else { return }
        lastStart = range.lowerBound
        diagnostics.append(
            Diagnostic(code, message, at: location(range), notes: notes, fixIts: fixIts, help: help))
        if diagnostics.count >= limit {
            isFatal = true
            diagnostics.append(
                Diagnostic(
                    "document/too-many-problems", .information,
                    "reading stopped after \(limit) problems; there may be more", at: location(range)))
        }
    }

    /// Reports a problem after which reading stops and no document is made.
    mutating func stop(
        _ code: String, _ message: String, _ range: Range<Int>, notes: [Diagnostic.Note] = [], fixIts: [FixIt] = [],
        help: String? = nil
    ) {
        report(code, message, range, notes: notes, fixIts: fixIts, help: help)
        isFatal = true
    }

    /// A fix-it that replaces one range.
    func fix(_ message: String, _ range: Range<Int>, _ replacement: String) -> FixIt {
        FixIt(message, at: location(range), replacement: replacement)
    }
}
