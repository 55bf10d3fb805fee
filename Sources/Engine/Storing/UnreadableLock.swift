/// A row of a lock that holds what almrun never writes: nobody gets that lock, and the others go on.
public struct UnreadableLock: Sendable, Hashable {
    /// Nil when not even the name can be read.
    public var name: String?
    /// Names the row, the column and what to do; lower case, no full stop.
    public var reason: String

    public init(name: String?, reason: String) {
        self.name = name
        self.reason = reason
    }
}

extension RunStore {
    /// A store that keeps no rows has none that cannot be read.
    public func unreadableLocks() async throws(RunStoreError) -> [UnreadableLock] { [] }

    /// A lock that is held; nil when nobody holds it. Throws when its row cannot be read.
    public func lock(named name: String) async throws(RunStoreError) -> Lock? {
        if let lock = try await locks().first(where: { $0.name == name }) { return lock }
        if let strange = try await unreadableLocks().first(where: { $0.name == name }) {
            throw .damaged(strange.reason)
        }
        return nil
    }
}
