import Foundation

/// Reads single variables of the process environment without copying all of it.
enum ProcessEnvironment {
    static func values(of names: [String]) -> [String: String] {
        var found: [String: String] = [:]
        for name in names {
            if let value = getenv(name) { found[name] = String(cString: value) }
        }
        return found
    }
}
