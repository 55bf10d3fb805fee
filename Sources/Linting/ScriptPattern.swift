import Foundation

/// A JavaScript regular expression. Plain texts are searched without an engine, regular expressions in linear time, and
/// those with look-around or references to groups by an engine that is stopped when it takes too long.
struct ScriptPattern: Sendable, CustomStringConvertible {
    struct Failure: Error {
        var reason: String
    }

    enum Outcome: Sendable {
        case match, noMatch
        /// The expression took too many steps on this text.
        case tooSlow
    }

    /// How often the engine may report ten thousand steps before it is stopped.
    private static let patience = 25

    /// The expression between the slashes.
    let source: String
    let flags: String
    private let literal: [UInt8]?
    private let linear: LinearPattern?
    private let engine: NSRegularExpression?

    init(_ source: String, flags: String = "") throws(Failure) {
        for flag in flags where !"dgimsuvy".contains(flag) {
            throw Failure(reason: "Invalid flags supplied to RegExp constructor '\(flags)'")
        }
        self.source = source
        self.flags = flags
        literal = flags.contains("i") ? nil : ScriptPattern.literal(source)
        if literal != nil {
            (linear, engine) = (nil, nil)
            return
        }
        do throws(LinearPattern.TooLarge) {
            linear = try LinearPattern(
                source, ignoresCase: flags.contains("i"), isMultiline: flags.contains("m"),
                dotIsAll: flags.contains("s"))
        } catch {
            throw Failure(reason: "Regular expression repeats too much: /\(source)/")
        }
        if linear != nil {
            engine = nil
            return
        }
        var options: NSRegularExpression.Options = []
        if flags.contains("i") { options.insert(.caseInsensitive) }
        if flags.contains("m") { options.insert(.anchorsMatchLines) }
        if flags.contains("s") { options.insert(.dotMatchesLineSeparators) }
        do {
            let translated = ScriptPattern.translated(source, isMultiline: flags.contains("m"))
            engine = try NSRegularExpression(pattern: translated, options: options)
        } catch {
            throw Failure(reason: "Invalid regular expression: /\(source)/")
        }
    }

    /// A pattern as rulesets write it: `re` or `/re/flags`.
    init(written text: String) throws(Failure) {
        if text.hasPrefix("/"), let end = text.lastIndex(of: "/"), end > text.startIndex {
            let flags = text[text.index(after: end)...]
            if flags.allSatisfy(\.isLetter) {
                try self.init(String(text[text.index(after: text.startIndex)..<end]), flags: String(flags))
                return
            }
        }
        try self.init(text)
    }

    /// The pattern that a value of a filter is, or that its text makes.
    init?(anyOf value: ScriptValue) {
        if case .pattern(let pattern) = value {
            self = pattern
            return
        }
        do { try self.init(value.text) } catch { return nil }
    }

    var description: String { "/\(source)/\(flags)" }

    /// The expression as messages show it.
    var shown: String { flags.isEmpty ? source : description }

    func matches(_ text: String) -> Bool { outcome(on: text) == .match }

    /// Searches a text; the same text always gives the same outcome.
    func outcome(on text: String) -> Outcome {
        if let literal { return ScriptPattern.contains(text, literal) ? .match : .noMatch }
        if let linear { return linear.matches(text) ? .match : .noMatch }
        guard let engine else { return .noMatch }
        var outcome = Outcome.noMatch
        var reports = 0
        let range = NSRange(location: 0, length: text.utf16.count)
        engine.enumerateMatches(in: text, options: .reportProgress, range: range) { result, _, stop in
            if result != nil {
                outcome = .match
                stop.pointee = true
                return
            }
            reports += 1
            if reports > ScriptPattern.patience {
                outcome = .tooSlow
                stop.pointee = true
            }
        }
        return outcome
    }

    /// What findings say where an expression took too many steps.
    var slowness: String { "the regular expression \"\(shown)\" takes too long on this text" }

    private static func contains(_ text: String, _ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first else { return true }
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count >= wanted.count else { return false }
            var start = 0
            let last = bytes.count - wanted.count
            while start <= last {
                if bytes[start] == first, wanted.indices.allSatisfy({ bytes[start + $0] == wanted[$0] }) { return true }
                start += 1
            }
            return false
        }
    }

    /// The text that an expression without operators stands for.
    private static func literal(_ source: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in source.utf8 {
            if isEscaped {
                let isLetterOrDigit =
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                if isLetterOrDigit { return nil }
                bytes.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if "^$.|?*+()[]{}".utf8.contains(byte) {
                return nil
            } else {
                bytes.append(byte)
            }
        }
        return isEscaped ? nil : bytes
    }

    /// The same expression in the engine's dialect: classes without nesting, `$` only at the very end, ASCII `\d` and `\w`.
    private static func translated(_ source: String, isMultiline: Bool) -> String {
        var result = ""
        var isInClass = false
        var rest = Substring(source)
        while let next = rest.popFirst() {
            switch next {
            case "\\":
                guard let escaped = rest.popFirst() else { return source }
                switch escaped {
                case "d": result += isInClass ? "0-9" : "[0-9]"
                case "D": result += isInClass ? "\\D" : "[^0-9]"
                case "w": result += isInClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]"
                case "W": result += isInClass ? "\\W" : "[^0-9A-Za-z_]"
                case "/", "-", "_", "\"", "'", "#", "@", "%", "~", "<", ">", ":", ";", ",", "=", "&", "!", " ", "`":
                    result += "\\\(escaped)"
                    if escaped == "_" {
                        result.removeLast(2)
                        result += "_"
                    }
                default: result += "\\\(escaped)"
                }
            case "[" where isInClass: result += "\\["
            case "[":
                isInClass = true
                if rest.hasPrefix("^]") {
                    result += "[\\s\\S]"
                    rest = rest.dropFirst(2)
                    isInClass = false
                } else if rest.hasPrefix("]") {
                    result += "(?!)"
                    rest = rest.dropFirst()
                    isInClass = false
                } else {
                    result += "["
                }
            case "]":
                isInClass = false
                result += "]"
            case "&" where isInClass: result += "\\&"
            case "-" where isInClass && rest.hasPrefix("-"): result += "\\-"
            case "$" where !isInClass && !isMultiline: result += "(?!.|\\n|\\r)"
            default: result.append(next)
            }
        }
        return result
    }
}
