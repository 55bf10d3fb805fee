extension HarnessReport {
    /// The report as JUnit XML: a suite for each action, and one for the thresholds.
    public var junit: String {
        var order: [String] = []
        var suites: [String: [CaseResult]] = [:]
        for result in cases {
            if suites[result.action] == nil { order.append(result.action) }
            suites[result.action, default: []].append(result)
        }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        let broken = brokenThresholds.count
        let unmeasured = thresholds.count { $0.verdict == .unmeasured }
        text += "<testsuites name=\"\(Self.escape(title))\" tests=\"\(cases.count + thresholds.count)\""
        text += " failures=\"\(count(.failed) + broken)\" errors=\"0\" skipped=\"\(count(.skipped) + unmeasured)\""
        text += " time=\"\(Self.seconds(duration))\">\n"
        for action in order { text += suite(action, suites[action] ?? []) }
        if !thresholds.isEmpty { text += thresholdSuite(broken, unmeasured) }
        return text + "</testsuites>\n"
    }

    private func suite(_ action: String, _ results: [CaseResult]) -> String {
        let failures = results.count { $0.outcome == .failed }
        let skipped = results.count { $0.outcome == .skipped }
        let time = results.reduce(0) { $0 + ($1.latency ?? 0) }
        var text = "  <testsuite name=\"\(Self.escape(action))\" tests=\"\(results.count)\" failures=\"\(failures)\""
        text += " errors=\"0\" skipped=\"\(skipped)\" time=\"\(Self.seconds(time))\" timestamp=\"\(startedAt)\">\n"
        for result in results {
            text +=
                "    <testcase classname=\"\(Self.escape("\(title).\(action)"))\" name=\"\(Self.escape(result.name))\""
            text += " time=\"\(Self.seconds(result.latency ?? 0))\""
            if let file = result.file { text += " file=\"\(Self.escape(file))\" line=\"\(result.line ?? 1)\"" }
            switch result.outcome {
            case .passed: text += "/>\n"
            case .skipped:
                text += ">\n      <skipped message=\"\(Self.escape(result.reason ?? ""))\"/>\n    </testcase>\n"
            case .failed:
                let first = result.violations.first
                let all = result.violations.map { "\($0.kind.rawValue): \($0.message)" }.joined(separator: "\n")
                text += ">\n      <failure type=\"\(first?.kind.rawValue ?? "failure")\""
                text +=
                    " message=\"\(Self.escape(first?.message ?? ""))\">\(Self.escape(all))</failure>\n    </testcase>\n"
            }
        }
        return text + "  </testsuite>\n"
    }

    private func thresholdSuite(_ broken: Int, _ unmeasured: Int) -> String {
        var text = "  <testsuite name=\"thresholds\" tests=\"\(thresholds.count)\" failures=\"\(broken)\""
        text += " errors=\"0\" skipped=\"\(unmeasured)\" time=\"0.000\" timestamp=\"\(startedAt)\">\n"
        for result in thresholds {
            text +=
                "    <testcase classname=\"\(Self.escape("\(title).thresholds"))\" name=\"\(result.metric.rawValue)\" time=\"0.000\""
            let message = Self.escape(result.description)
            switch result.verdict {
            case .kept: text += "/>\n"
            case .unmeasured: text += ">\n      <skipped message=\"\(message)\"/>\n    </testcase>\n"
            case .broken:
                text += ">\n      <failure type=\"threshold\" message=\"\(message)\"></failure>\n    </testcase>\n"
            }
        }
        return text + "  </testsuite>\n"
    }

    private static func seconds(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let fraction = String(thousandths % 1000)
        return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    /// XML text without the characters that XML cannot hold.
    private static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            // So that no log command of a CI service stands in it.
            case "#": result += "&#35;"
            case _ where scalar.value < 32 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
