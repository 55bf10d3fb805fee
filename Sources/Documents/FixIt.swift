/// A change of the text that puts a diagnostic right.
public struct FixIt: Sendable, Hashable {
    /// What the change does, as an order ("remove the comma").
    public var message: String
    public var edits: [Edit]

    public init(_ message: String, edits: [Edit]) {
        self.message = message
        self.edits = edits
    }

    /// A fix-it that replaces the text at one place.
    public init(_ message: String, at location: Location, replacement: String) {
        self.init(message, edits: [Edit(location: location, replacement: replacement)])
    }

    /// A replacement of one range of a source's text.
    public struct Edit: Sendable, Hashable {
        public var location: Location
        public var replacement: String

        public init(location: Location, replacement: String) {
            self.location = location
            self.replacement = replacement
        }
    }

    /// The bytes of a source after all edits of the fix-its that concern it; a fix-it that overlaps an earlier one is left out.
    public static func apply(_ fixIts: [FixIt], to source: Source) -> [UInt8] {
        var accepted: [Edit] = []
        for fixIt in fixIts {
            let edits = fixIt.edits.filter { $0.location.source == source }
            guard !edits.isEmpty, !edits.contains(where: { new in accepted.contains { overlap($0, new) } }) else {
                continue
            }
            accepted += edits
        }
        accepted.sort { $0.location.range.lowerBound < $1.location.range.lowerBound }
        var result: [UInt8] = []
        var at = 0
        for edit in accepted {
            let range = edit.location.range.clamped(to: at..<max(at, source.bytes.count))
            result += source.bytes[at..<range.lowerBound]
            result += Array(edit.replacement.utf8)
            at = range.upperBound
        }
        result += source.bytes[at...]
        return result
    }

    private static func overlap(_ left: Edit, _ right: Edit) -> Bool {
        left.location.range == right.location.range || left.location.range.overlaps(right.location.range)
    }
}
