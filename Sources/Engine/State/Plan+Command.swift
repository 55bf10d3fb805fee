import Documents
import OrderedCollections
public import Pipelines

extension Plan {
    /// The command that makes a new run with the same inputs.
    public var startCommand: String {
        if isRollback {
            let place = steps.compactMap(\.environment).first ?? "..."
            let words = [("to", "--to"), ("solution", "--solution")].compactMap { name, option in
                inputs[name]?.string.map { " \(option) \(shellWord($0))" }
            }
            return "almrun rollback \(shellWord(place))\(words.joined())"
        }
        let words = inputs.compactMap { name, value -> String? in
            guard !value.isNull else { return nil }
            return " --input \(name)=\(shellWord(value.string ?? Self.digest(ofPackage: value) ?? value.json()))"
        }
        return "almrun run \(shellWord(pipeline))\(words.joined())"
    }

    /// The digest of a package that is given, by which it can be named; nil for another value.
    private static func digest(ofPackage value: Value) -> String? {
        guard value["solution"] != nil, value["version"] != nil, let digest = value["digest"]?.string else {
            return nil
        }
        return digest.utf8.count == 64 ? digest : nil
    }
}

/// A text as a shell reads it back; bash's `$'...'` where it holds control signs, which a terminal would not show.
public func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "-_./:@%+,=".utf8.contains(byte)
        }
    }
    if isPlain, !text.isEmpty { return text }
    guard text.unicodeScalars.contains(where: isUnseen) else {
        return "'\(text.replacing("'", with: "'\\''"))'"
    }
    let written = text.unicodeScalars.map { sign in
        switch sign {
        case "\n": "\\n"
        case "\t": "\\t"
        case "'", "\\": "\\\(sign)"
        case _ where isUnseen(sign): String(sign).utf8.map { "\\x" + hexadecimal([$0]) }.joined()
        default: String(sign)
        }
    }
    return "$'\(written.joined())'"
}

/// Whether the sign would be shown as another one.
private func isUnseen(_ sign: Unicode.Scalar) -> Bool { safeText(String(sign)) != String(sign) }
