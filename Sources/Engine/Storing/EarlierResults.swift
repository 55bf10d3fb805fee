/// What a store has of results that may stand in for steps.
public struct EarlierResults: Sendable {
    /// By the digest of the inputs.
    public var found: [String: ReusedResult]
    /// Why a result that is kept cannot be used, by the digest of the inputs: it is not what its run's ledger says.
    public var refused: [String: String]

    public init(found: [String: ReusedResult] = [:], refused: [String: String] = [:]) {
        self.found = found
        self.refused = refused
    }

    /// The result for inputs with this digest.
    public subscript(_ inputDigest: String) -> ReusedResult? { found[inputDigest] }
}
