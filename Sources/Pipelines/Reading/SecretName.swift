/// Names of secrets are those of environment variables.
enum SecretName {
    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, Problems.isLetter(first) || first == UInt8(ascii: "_") else { return false }
        return name.utf8.allSatisfy { Problems.isLetter($0) || Problems.isDigit($0) || $0 == UInt8(ascii: "_") }
    }
}
