import Documents

/// A stage of the plan while its edges are still being found.
struct Draft {
    var id: StepID
    var frame: Frame
    var entry: Int
    var item: Scope.Item?
    var kind: String
    var effect: StageDescription.Effect
    /// The name of its environment's file.
    var environment: String?
    var changesEnvironment: Bool
    var input: Argument
    var uses: [Resolved.Use]
    var condition: Condition?
    var conditionUses: [Resolved.Use]
    var retry: RetryPolicy?
    var timeout: Double?
    var pool: Pool?
    /// Of an `approval.wait`.
    var policy: ApprovalPolicy?
    var isFinally: Bool
    var location: Location
    var needs: [Need] = []
    /// The same needs as positions of drafts, with where each is written.
    var edges: [(draft: Int, location: Location)] = []
}
