/// What a `${{ }}` that is left in a plan stands for; inputs, items and environment values are put in when the plan is made.
public enum Reference: Sendable, Hashable {
    /// Facts of the run itself.
    public enum RunProperty: String, Sendable, Hashable, CaseIterable {
        case id, status, requester

        /// What `status` can be under `finally`.
        public static let statuses = ["succeeded", "failed", "rejected", "cancelled"]

        var type: ValueType { self == .status ? .choice(Self.statuses) : .string }
    }

    /// An output of a step, with the path of keys inside it (`stages.pack.package.digest`).
    case output(StepID, name: String, path: [String])
    case run(RunProperty)
    /// Resolved inside the stage and nowhere else.
    case secret(String)
}
