/// A group of steps of which only so many run at once.
public struct Pool: Sendable, Hashable, Codable {
    public var name: String
    public var width: Int

    public init(name: String, width: Int) {
        self.name = name
        self.width = width
    }
}
