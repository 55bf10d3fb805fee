/// The base address of a service, checked so that every call made from it can be sent.
public struct BackendAddress: Sendable, Hashable {
    /// Why a text is no such address, lower case, without a full stop; it never repeats a user name or password.
    public struct Problem: Error, Sendable, Hashable {
        /// The reason.
        public var message: String
    }

    /// The address without a slash at its end.
    public let text: String

    /// Reads an address of scheme, host, and perhaps port and path.
    public init(_ address: String) throws(Problem) {
        let general = Problem(message: "'\(address)' is no http or https address")
        guard let separator = address.firstRange(of: "://") else { throw general }
        let scheme = address[..<separator.lowerBound].lowercased()
        let rest = address[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else {
            throw Problem(message: "an address holds no user name or password; send a header instead")
        }
        guard ["http", "https"].contains(scheme), Self.isPath(rest[authority.endIndex...]) else { throw general }
        let isBracketed = authority.hasPrefix("[")
        let hostEnd: Substring.Index
        if isBracketed {
            guard let end = authority.firstIndex(of: "]") else { throw general }
            hostEnd = authority.index(after: end)
        } else {
            hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        guard Self.isHost(authority[..<hostEnd], isBracketed) else { throw general }
        let port = authority[hostEnd...]
        if !port.isEmpty {
            guard port.hasPrefix(":") else { throw general }
            let digits = port.dropFirst()
            guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits),
                (1...65535).contains(number)
            else { throw Problem(message: "port \(digits.isEmpty ? "''" : digits) is not from 1 to 65535") }
        }
        var text = scheme + "://" + rest
        while text.hasSuffix("/") { text.removeLast() }
        self.text = text
    }

    private static func isHost(_ host: Substring, _ isBracketed: Bool) -> Bool {
        if isBracketed {
            let inside = host.dropFirst().dropLast()
            return inside.contains(":") && inside.utf8.allSatisfy { isHexDigit($0) || $0 == 58 || $0 == 46 }
        }
        // Longer names are none in DNS.
        return !host.isEmpty && host.utf8.count <= 253
            && host.utf8.allSatisfy { isAlphanumeric($0) || "-._".utf8.contains($0) }
    }

    private static func isPath(_ path: Substring) -> Bool {
        let bytes = Array(path.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == 37 {
                guard index + 2 < bytes.count, isHexDigit(bytes[index + 1]), isHexDigit(bytes[index + 2]) else {
                    return false
                }
            } else if !isAlphanumeric(byte), !"/-._~!$&'()*+,;=:@".utf8.contains(byte) {
                return false
            }
        }
        return true
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }
}
