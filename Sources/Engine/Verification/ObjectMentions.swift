import Documents
import OrderedCollections
public import Pipelines

import struct Foundation.Data

/// The objects that the events of a run name, each once, in the order in which they are named.
public struct ObjectMentions: Sendable {
    /// One object.
    public struct Mention: Sendable, Hashable {
        public var digest: String
        /// The number of the event that names it first.
        public var event: Int
        public var step: StepID
        /// Such as `output of 'pack'`.
        public var what: String
        /// Whether the object must be there; other digests may be of something else.
        public var isCertain: Bool
    }

    /// Names of outputs that hold the digest of an object.
    private static let reports: Set<String> = ["report", "csv", "junit"]

    public private(set) var all: [Mention] = []
    private var places: [String: Int] = [:]

    public init() {}

    /// Takes in what an event names, and what the object that holds its output names in turn.
    public mutating func look(at event: RunEvent, _ objects: ObjectStore) {
        switch event.kind {
        case .ended(let step, _, .succeeded(let output, let object, _, _)):
            look(at: output, object, Mention(event, step, "output of '\(step)'"), objects)
        case .reused(let step, let result):
            look(at: result.output, result.object, Mention(event, step, "reused output of '\(step)'"), objects)
        case .ended(let step, _, .failed(let failure)):
            for note in failure.notes { look(at: note, Mention(event, step, "report in the failure of '\(step)'")) }
        default: break
        }
    }

    /// Takes in every digest that stands in the line of an event, whatever it is of.
    ///
    /// Whether an object has it only the store can say: keys of effects and hashes of inputs look the same.
    mutating func look(atLine bytes: [UInt8], of event: RunEvent) {
        var begin = 0
        for (index, byte) in (bytes + [0]).enumerated() where !Self.isDigit(byte) {
            if index - begin == 64 {
                let digest = String(decoding: bytes[begin..<index], as: UTF8.self)
                if digest != event.previous {
                    var mention = Mention(event, event.step ?? "run", "one that the event names")
                    mention.isCertain = false
                    add(digest, mention)
                }
            }
            begin = index + 1
        }
    }

    /// A stage that says no names its report in a note, and nowhere else.
    private mutating func look(at note: String, _ origin: Mention) {
        guard let words = note.firstRange(of: "report is object ") else { return }
        var mention = origin
        // A command may have written such words too.
        mention.isCertain = false
        add(String(note[words.upperBound...]), mention)
    }

    private mutating func look(at output: Value, _ object: String?, _ origin: Mention, _ objects: ObjectStore) {
        if let object {
            add(object, origin)
            // One that is damaged or gone names nothing, and is told of itself.
            if let content = try? objects.read(object),
                let value = try? Value(json: String(decoding: content, as: UTF8.self))
            {
                find(in: value, origin)
            }
        }
        find(in: output, origin)
    }

    private mutating func find(in value: Value, _ origin: Mention, name: String = "") {
        switch value {
        case .string(let text):
            var mention = origin
            mention.isCertain = Self.reports.contains(name) || name == "package.digest"
            mention.what = "\(name) in the \(origin.what)"
            add(text, mention)
        case .list(let values): for element in values { find(in: element, origin) }
        case .map(let members):
            for (key, member) in members {
                find(in: member, origin, name: name == "package" && key == "digest" ? "package.digest" : key)
            }
        default: break
        }
    }

    private mutating func add(_ digest: String, _ mention: Mention) {
        guard Self.isDigest(digest) else { return }
        var mention = mention
        mention.digest = digest
        if let place = places[digest] {
            if !all[place].isCertain, mention.isCertain { all[place] = mention }
            return
        }
        places[digest] = all.count
        all.append(mention)
    }

    private static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...102).contains(byte) }
}

extension ObjectMentions.Mention {
    fileprivate init(_ event: RunEvent, _ step: StepID, _ what: String) {
        self.init(digest: "", event: event.sequence, step: step, what: what, isCertain: true)
    }
}
