public import Documents
import OrderedCollections

/// Findings that a team has accepted: those are left out of a report.
public struct Baseline: Sendable, Hashable {
    public var fingerprints: Set<String>

    public init(fingerprints: Set<String> = []) { self.fingerprints = fingerprints }

    /// Reads a baseline file: `{"version": 1, "fingerprints": ["..."]}`, or a plain list of fingerprints.
    public init(_ document: Document) throws(Rejected) {
        let root = document.root
        guard let list = root.kind == .array ? root : root["fingerprints"], list.kind == .array else {
            throw Rejected(
                Diagnostic(
                    "lint/invalid-baseline", "a baseline is a list of fingerprints, or a map with 'fingerprints'",
                    at: root.location))
        }
        var fingerprints: Set<String> = []
        var diagnostics: [Diagnostic] = []
        for element in list.elements {
            if let text = element.string ?? element["fingerprint"]?.string {
                fingerprints.insert(text)
            } else {
                diagnostics.append(
                    Diagnostic("lint/invalid-baseline", "a fingerprint is a string", at: element.location))
            }
        }
        if !diagnostics.isEmpty { throw Rejected(diagnostics) }
        self.fingerprints = fingerprints
    }

    /// The file that accepts some findings; each fingerprint stands beside what it accepts.
    public static func file(accepting findings: [Finding]) -> String {
        var seen: Set<String> = []
        let entries = findings.filter { seen.insert($0.fingerprint).inserted }.map { finding in
            Value.map([
                "fingerprint": .string(finding.fingerprint), "code": .string(finding.code),
                "pointer": .string(finding.pointer ?? ""),
            ])
        }
        return Value.map(["version": .integer(1), "fingerprints": .list(entries)]).json(pretty: true) + "\n"
    }
}
