/// Which of its two forms a solution is packed in.
public enum PackageType: String, Sendable, Hashable, Codable, CaseIterable {
    /// For development: its components can be changed where it is installed.
    case unmanaged
    /// For every later environment: a layer that is replaced or removed as a whole.
    case managed
}
