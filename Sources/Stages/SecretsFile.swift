import Engine
import Foundation

/// A file of `NAME=value` lines; empty lines and lines that begin with `#` do not count.
enum SecretsFile {
    static func read(_ relative: String, in root: String) throws(StageFailure) -> [String: String] {
        let path = try RepositoryPath.resolve(relative, in: root)
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw StageFailure(.broken, "secret/file", "the secrets file '\(relative)' cannot be read")
        }
        var values: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespacesAndNewlines)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "="), equals != line.startIndex else {
                // The line itself may be a secret: only its number is said.
                throw StageFailure(
                    .broken, "secret/file", "line \(index + 1) of the secrets file '\(relative)' is not NAME=value")
            }
            values[line[..<equals].trimmingCharacters(in: .whitespaces)] = String(line[line.index(after: equals)...])
        }
        return values
    }
}
