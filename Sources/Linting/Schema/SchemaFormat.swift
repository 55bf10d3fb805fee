import Foundation

/// The formats that JSON Schema and OpenAPI name; others are accepted as they are.
enum SchemaFormat {
    static func accepts(number: Double, as format: String) -> Bool {
        switch format {
        case "int32": number == number.rounded() && abs(number) <= 2_147_483_648 && number != 2_147_483_648
        case "int64": number == number.rounded() && abs(number) <= 9_223_372_036_854_775_808
        case "float": abs(number) <= 3.402_823_466_385_288_6e38
        default: true
        }
    }

    static func accepts(text: String, as format: String) -> Bool {
        switch format {
        case "byte":
            return text.utf8.count % 4 == 0 && matches(text, "^[A-Za-z0-9+/]*={0,2}$")
        case "date": return isDate(text)
        case "time":
            return matches(text, "^\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(z|Z|[+-]\\d\\d(:?\\d\\d)?)?$") && isTime(text)
        case "date-time":
            let parts = text.split(whereSeparator: { $0 == "T" || $0 == "t" || $0 == " " })
            return parts.count == 2 && isDate(String(parts[0])) && isTime(String(parts[1]))
                && matches(String(parts[1]), "^\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(z|Z|[+-]\\d\\d(:?\\d\\d)?)$")
        case "email":
            return matches(
                text,
                "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
                    + "([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$")
        case "hostname":
            return text.utf8.count <= 253
                && matches(
                    text,
                    "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\\.?$"
                )
        case "ipv4":
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil && (String(UInt8($0) ?? 0) == $0) }
        case "ipv6": return matches(text, "^[0-9A-Fa-f:.]+$") && text.contains(":")
        case "uri": return matches(text, "^[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>\"{}|\\\\^`]*$")
        case "uri-reference": return matches(text, "^[^\\s<>\"{}|\\\\^`]*$")
        case "uuid": return matches(text, "^(urn:uuid:)?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")
        case "regex":
            do {
                _ = try ScriptPattern(text)
                return true
            } catch {
                return false
            }
        case "json-pointer": return text.isEmpty || text.hasPrefix("/")
        case "duration":
            return matches(text, "^P(?!$)(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+S)?)?$")
        default: return true
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        do { return try ScriptPattern(pattern).matches(text) } catch { return true }
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...days[month - 1]).contains(day)
    }

    private static func isTime(_ text: String) -> Bool {
        let parts = text.prefix(8).split(separator: ":").compactMap { Int($0) }
        return parts.count == 3 && parts[0] < 24 && parts[1] < 60 && parts[2] <= 60
    }
}
