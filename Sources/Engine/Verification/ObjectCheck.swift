import Documents
import Foundation
import OrderedCollections

/// Reads every object that the events of a run name.
struct ObjectCheck {
    private(set) var discrepancies: [Discrepancy] = []
    private(set) var count = 0
    private(set) var bytes = 0
    /// The digests of those that were there.
    private(set) var compared: Set<String> = []

    init(_ lines: [LedgerLine], _ objects: ObjectStore) {
        var mentions = ObjectMentions()
        for line in lines { mentions.look(at: line.event, objects) }
        // After what says more of an object than that it is named.
        for line in lines { mentions.look(atLine: line.bytes, of: line.event) }
        for mention in mentions.all { check(mention, objects) }
    }

    private mutating func check(_ mention: ObjectMentions.Mention, _ objects: ObjectStore) {
        let digest = mention.digest
        let path = objects.path(of: digest)
        let what = "event \(mention.event): object \(digest.prefix(12)), the \(mention.what),"
        let content: Data
        do throws(RegularFile.Failure) {
            content = try RegularFile.contents(of: path)
        } catch {
            guard error != .missing else {
                guard mention.isCertain else { return }
                discrepancies.append(
                    Discrepancy(
                        "verify/object-missing", "\(what) is not there", event: mention.event, notes: ["it was \(path)"]
                    ))
                return
            }
            discrepancies.append(
                Discrepancy(
                    "verify/object-unreadable", "\(what) cannot be read: \(error)",
                    event: mention.event, notes: ["it is \(path)"]))
            return
        }
        count += 1
        compared.insert(digest)
        bytes += content.count
        let found = ObjectStore.digest(of: content)
        guard found != digest else { return }
        discrepancies.append(
            Discrepancy(
                "verify/object-changed", "\(what) has other content", event: mention.event,
                notes: ["it is \(path), \(content.count) bytes", "its digest is \(found), and should be \(digest)"]))
    }
}
