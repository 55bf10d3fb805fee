import Documents
import Foundation
import OrderedCollections

/// Reads every object that the events of a run name.
struct ObjectCheck {
    private(set) var discrepancies: [Discrepancy] = []
    private(set) var count = 0
    private(set) var bytes = 0

    /// Names of outputs that hold the digest of an object.
    private static let reports: Set<String> = ["report", "csv", "junit"]

    private struct Mention {
        var event: Int
        var what: String
        /// Whether the object must be there; other digests may be of something else.
        var isCertain: Bool
    }

    private var mentions: [String: Mention] = [:]
    private var order: [String] = []

    init(_ lines: [LedgerLine], _ objects: ObjectStore) {
        for line in lines { look(at: line.event, objects) }
        // Outputs that were read from objects name more of them, so that the list may grow.
        for digest in order {
            guard let mention = mentions[digest] else { continue }
            check(digest, mention, objects)
        }
    }

    private mutating func look(at event: RunEvent, _ objects: ObjectStore) {
        switch event.kind {
        case .ended(let step, _, .succeeded(let output, let object, _)):
            look(at: output, object, event, "output of '\(step)'", objects)
        case .reused(let step, let result):
            look(at: result.output, result.object, event, "reused output of '\(step)'", objects)
        default: break
        }
    }

    private mutating func look(
        at output: Value, _ object: String?, _ event: RunEvent, _ what: String, _ objects: ObjectStore
    ) {
        if let object {
            mention(object, Mention(event: event.sequence, what: what, isCertain: true))
            // One that is damaged is told of below.
            if let content = try? objects.read(object),
                let value = try? Value(json: String(decoding: content, as: UTF8.self))
            {
                find(in: value, event, what)
            }
        }
        find(in: output, event, what)
    }

    private mutating func find(in value: Value, _ event: RunEvent, _ what: String, name: String = "") {
        switch value {
        case .string(let text):
            let isCertain = Self.reports.contains(name) || name == "package.digest"
            mention(text, Mention(event: event.sequence, what: "\(name) in the \(what)", isCertain: isCertain))
        case .list(let values): for element in values { find(in: element, event, what) }
        case .map(let members):
            for (key, member) in members {
                find(in: member, event, what, name: name == "package" && key == "digest" ? "package.digest" : key)
            }
        default: break
        }
    }

    private mutating func mention(_ digest: String, _ mention: Mention) {
        guard Self.isDigest(digest) else { return }
        if let known = mentions[digest] {
            if !known.isCertain, mention.isCertain { mentions[digest] = mention }
            return
        }
        mentions[digest] = mention
        order.append(digest)
    }

    private mutating func check(_ digest: String, _ mention: Mention, _ objects: ObjectStore) {
        let path = objects.path(of: digest)
        let what = "event \(mention.event): object \(digest.prefix(12)), the \(mention.what),"
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: path))
        } catch {
            guard objects.contains(digest) else {
                guard mention.isCertain else { return }
                discrepancies.append(
                    Discrepancy(
                        "verify/object-missing", "\(what) is not there", event: mention.event, notes: ["it was \(path)"]
                    ))
                return
            }
            discrepancies.append(
                Discrepancy(
                    "verify/object-unreadable", "\(what) cannot be read: \(error.localizedDescription)",
                    event: mention.event, notes: ["it is \(path)"]))
            return
        }
        count += 1
        bytes += content.count
        let found = ObjectStore.digest(of: content)
        guard found != digest else { return }
        discrepancies.append(
            Discrepancy(
                "verify/object-changed", "\(what) has other content", event: mention.event,
                notes: ["it is \(path), \(content.count) bytes", "its digest is \(found), and should be \(digest)"]))
    }

    private static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
