/// One value or state that a deployment would set.
public struct SettingChange: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What it belongs to.
    public enum Kind: String, Sendable, Hashable, Codable {
        case connection = "connection reference"
        case variable = "environment variable"
        case flow
    }

    public var kind: Kind
    /// The logical name, schema name or name of the flow.
    public var name: String
    /// What is there; nil when nothing is. A secret appears as its reference.
    public var old: String?
    /// What would be there; nil when it would be removed. A secret appears as its reference.
    public var new: String?
    /// Where the new value comes from, when that is not the environment's settings.
    public var origin: String?
    /// HMAC-SHA-256 of a new secret under the environment's own key, so that a plan is about one value; nil for what is no
    /// secret, and before anything is installed, when there is no key yet.
    public var secretDigest: String?

    public var description: String {
        let from = old.map { "\($0) -> " } ?? ""
        let to = new ?? "removed"
        let same = old == new && old != nil ? "\(to) (its secret changed)" : from + to
        return "\(kind.rawValue) \(name): \(same)" + (origin.map { " (\($0))" } ?? "")
    }
}
