public import OrderedCollections

/// Test cases as the JUnit XML that CI services read.
public struct JUnitReport: Sendable {
    /// How a case ended.
    public enum Verdict: Sendable, Hashable {
        case passed
        case skipped(String)
        /// The work was done and the answer is no.
        case failed(String, details: String)
        /// It could not be done.
        case error(String, details: String)
    }

    /// One stage, operation or rule.
    public struct Case: Sendable, Hashable {
        public var name: String
        public var className: String
        public var seconds: Double
        public var verdict: Verdict
        /// What else is to be known of it, by name.
        public var properties: OrderedDictionary<String, String>

        public init(
            name: String, className: String, seconds: Double = 0, verdict: Verdict,
            properties: OrderedDictionary<String, String> = [:]
        ) {
            self.properties = properties
            self.name = name
            self.className = className
            self.seconds = seconds
            self.verdict = verdict
        }
    }

    public var suite: String
    public var cases: [Case]

    public init(suite: String, cases: [Case]) {
        self.suite = suite
        self.cases = cases
    }

    /// The whole file.
    public var xml: String {
        var failed = 0
        var errors = 0
        var skipped = 0
        for item in cases {
            switch item.verdict {
            case .passed: break
            case .skipped: skipped += 1
            case .failed: failed += 1
            case .error: errors += 1
            }
        }
        let counts = "tests=\"\(cases.count)\" failures=\"\(failed)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
        let time = Self.seconds(cases.reduce(0) { $0 + $1.seconds })
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites \(counts) time=\"\(time)\">\n"
        text += "  <testsuite name=\"\(Self.escape(suite))\" \(counts) time=\"\(time)\">\n"
        for item in cases {
            text += "    <testcase name=\"\(Self.escape(item.name))\" classname=\"\(Self.escape(item.className))\""
            text += " time=\"\(Self.seconds(item.seconds))\""
            let inside = Self.properties(item.properties) + Self.verdict(item.verdict) + Self.output(item.properties)
            text += inside.isEmpty ? "/>\n" : ">\n\(inside)    </testcase>\n"
        }
        return text + "  </testsuite>\n</testsuites>\n"
    }

    private static func verdict(_ verdict: Verdict) -> String {
        func body(_ element: String, _ message: String, _ details: String) -> String {
            "      <\(element) message=\"\(escape(message))\">\(escape(details))</\(element)>\n"
        }
        return switch verdict {
        case .passed: ""
        case .skipped(let reason): "      <skipped message=\"\(escape(reason))\"/>\n"
        case .failed(let message, let details): body("failure", message, details)
        case .error(let message, let details): body("error", message, details)
        }
    }

    private static func properties(_ properties: OrderedDictionary<String, String>) -> String {
        guard !properties.isEmpty else { return "" }
        let lines = properties.map { "        <property name=\"\(escape($0))\" value=\"\(escape($1))\"/>\n" }
        return "      <properties>\n\(lines.joined())      </properties>\n"
    }

    /// The same once more, for the many readers that show no properties.
    private static func output(_ properties: OrderedDictionary<String, String>) -> String {
        guard !properties.isEmpty else { return "" }
        let text = properties.map { "\($0): \($1)" }.joined(separator: "\n")
        return "      <system-out>\(escape(text))</system-out>\n"
    }

    static func seconds(_ value: Double) -> String {
        let thousandths = Int((max(0, value) * 1000).rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    /// XML 1.0 text: the five special characters as entities, and characters that XML cannot hold as U+FFFD.
    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            case "\n": result += "&#10;"
            case "\r": result += "&#13;"
            case "\t": result += "&#9;"
            // So that no log command of a CI service stands in it.
            case "#": result += "&#35;"
            case let other where other.value < 0x20 || other.value == 0xFFFE || other.value == 0xFFFF:
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
