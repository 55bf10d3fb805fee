import Documents
import OrderedCollections

extension Preview {
    /// What it would change otherwise than one that was shown before, for people; of a secret only that it is another one.
    public func differences(from earlier: Preview) -> [String] {
        changes.filter { !earlier.changes.contains($0) }.map { "new: \($0)" }
            + earlier.changes.filter { !changes.contains($0) }.map { "no longer: \($0)" }
            + otherSecrets(than: earlier) + otherConnectors(than: earlier)
    }

    /// The same in one line, of which only the first few are named; empty where nothing of it can be named.
    func differenceText(from earlier: Preview) -> String {
        let all = differences(from: earlier)
        let more = all.count > 3 ? "; and \(all.count - 3) more" : ""
        return all.prefix(3).joined(separator: "; ") + more
    }

    /// Lines are the same where only the value behind a reference is another one.
    private func otherSecrets(than earlier: Preview) -> [String] {
        func digests(_ preview: Preview) -> [String: String] {
            var found: [String: String] = [:]
            for change in preview.details["changes"]?.list ?? [] {
                guard let kind = change["kind"]?.string, let name = change["name"]?.string,
                    let digest = change["secretDigest"]?.string
                else { continue }
                found["\(kind) \(name)"] = digest
            }
            return found
        }
        let (mine, theirs) = (digests(self), digests(earlier))
        return mine.keys.sorted().filter { theirs[$0] != nil && theirs[$0] != mine[$0] }.map {
            "\($0): its secret has another value"
        }
    }

    /// Nor do they say of which connector a connection is that is bound for the first time.
    private func otherConnectors(than earlier: Preview) -> [String] {
        func connectors(_ preview: Preview) -> [String: String] {
            (preview.details["desired"]?["connections"]?.map ?? [:]).reduce(into: [:]) { found, member in
                found[member.key] = member.value["connector"]?.string
            }
        }
        let (mine, theirs) = (connectors(self), connectors(earlier))
        return mine.keys.sorted().compactMap { name in
            guard let new = mine[name], let old = theirs[name], new != old else { return nil }
            return "connection reference \(name): its connector is \(new) and was \(old)"
        }
    }
}
