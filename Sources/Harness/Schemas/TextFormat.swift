/// The string formats that are judged and sampled; a format that is not known judges nothing.
enum TextFormat {
    /// Why the text is not of the format; nil where it is, or where the format is not known.
    static func problem(with text: String, format: String) -> String? {
        let isFine: Bool
        switch format {
        case "date": isFine = isDate(text)
        case "date-time": isFine = isDateTime(text)
        case "uuid": isFine = isUUID(text)
        case "email": isFine = isEmail(text)
        case "uri", "url": isFine = isURI(text)
        case "ipv4": isFine = isIPv4(text)
        case "ipv6": isFine = isIPv6(text)
        case "byte": isFine = isBase64(text)
        default: return nil
        }
        if isFine { return nil }
        let shown = text.count > 40 ? text.prefix(37) + "..." : text[...]
        return "is \"\(shown)\", no \(format)"
    }

    /// A fixed text of the format.
    static func sample(of format: String) -> String? {
        switch format {
        case "date": "2026-01-15"
        case "date-time": "2026-01-15T09:30:00Z"
        case "date-no-tz": "2026-01-15T09:30:00"
        case "time": "09:30:00Z"
        case "duration": "P1D"
        case "uuid": "6f1d2c3b-4a59-4e68-8f70-1b2c3d4e5f60"
        case "email": "person@example.com"
        case "uri", "url": "https://example.com/resource"
        case "uri-reference": "/resource"
        case "hostname": "example.com"
        case "ipv4": "192.0.2.1"
        case "ipv6": "2001:db8::1"
        case "byte": "c2FtcGxl"
        case "html": "<p>text</p>"
        default: nil
        }
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], digits: 4), let month = number(parts[1], digits: 2),
            let day = number(parts[2], digits: 2), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        return (1...days).contains(day)
    }

    static func isDateTime(_ text: String) -> Bool {
        guard let separator = text.firstIndex(where: { "Tt ".contains($0) }), isDate(String(text[..<separator])) else {
            return false
        }
        var time = text[text.index(after: separator)...]
        if let last = time.last, last == "Z" || last == "z" {
            time = time.dropLast()
        } else if let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let offset = time[time.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
            guard offset.count == 2, let hours = number(offset[0], digits: 2), hours < 24,
                let minutes = number(offset[1], digits: 2), minutes < 60
            else { return false }
            time = time[..<sign]
        } else {
            return false
        }
        let parts = time.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (48...57).contains($0) }) else { return false }
        }
        guard let clock = parts.first, parts.count <= 2 else { return false }
        let fields = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 3, let hour = number(fields[0], digits: 2), let minute = number(fields[1], digits: 2),
            let second = number(fields[2], digits: 2)
        else { return false }
        return hour < 24 && minute < 60 && second <= 60
    }

    static func isUUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.allSatisfy { $0.isHexDigit && $0.isASCII } }
    }

    static func isEmail(_ text: String) -> Bool {
        guard let at = text.lastIndex(of: "@"), at != text.startIndex, !text.contains(where: \.isWhitespace) else {
            return false
        }
        let domain = text[text.index(after: at)...]
        return !domain.isEmpty && !domain.hasPrefix(".") && !domain.hasSuffix(".") && !domain.contains("..")
    }

    static func isURI(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isASCII, first.isLetter else {
            return false
        }
        let scheme = text[..<colon]
        return scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
            && !text.contains(where: \.isWhitespace) && text.index(after: colon) < text.endIndex
    }

    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.utf8.count), let value = number(part, digits: part.utf8.count) else {
                    return false
                }
                return value <= 255 && (part.count == 1 || !part.hasPrefix("0"))
            }
    }

    static func isIPv6(_ text: String) -> Bool {
        guard text.contains(":"), !text.contains(":::") else { return false }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return false }
        var groups = 0
        for half in halves where !half.isEmpty {
            for group in half.split(separator: ":", omittingEmptySubsequences: false) {
                if group.contains(".") {
                    guard isIPv4(String(group)) else { return false }
                    groups += 2
                } else {
                    guard (1...4).contains(group.utf8.count), group.allSatisfy({ $0.isHexDigit && $0.isASCII }) else {
                        return false
                    }
                    groups += 1
                }
            }
        }
        return halves.count == 2 ? groups < 8 : groups == 8
    }

    static func isBase64(_ text: String) -> Bool {
        let body = text.utf8.filter { $0 != 13 && $0 != 10 }
        guard body.count % 4 == 0 else { return false }
        let padding = body.reversed().prefix { $0 == 61 }.count
        return padding <= 2
            && body.dropLast(padding).allSatisfy {
                (65...90).contains($0) || (97...122).contains($0) || (48...57).contains($0) || $0 == 43 || $0 == 47
            }
    }
}
