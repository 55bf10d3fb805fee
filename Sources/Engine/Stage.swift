public import Pipelines

/// One kind of work that a pipeline can ask for.
public protocol Stage: Sendable {
    associatedtype Input: Decodable & Sendable
    associatedtype Output: Codable & Sendable

    /// What planning, documentation, JSON Schema and tests know of this stage.
    static var description: StageDescription { get }

    init()

    /// Does the work. Throws ``StageFailure`` to say how it went wrong; any other error counts as `.broken`.
    func run(_ input: Input, in context: StageContext) async throws -> Output

    /// Looks whether an interrupted attempt took effect. Asked only of stages whose effect happens once.
    func recover(_ input: Input, in context: StageContext) async throws -> Recovery<Output>

    /// Whether a failure of ``run(_:in:)`` leaves open if the effect happened; then ``recover(_:in:)`` is asked at once.
    static func leavesEffectOpen(_ failure: StageFailure) -> Bool

    /// Files that the result depends on besides the inputs of type `path`, relative to the root; asked of stages without effects.
    static func companions(of input: Input, root: String) throws -> [String]

    /// Says what ``run(_:in:)`` would change, without changing anything. Asked of stages that change an environment.
    func preview(_ input: Input, in context: StageContext) async throws -> Preview
}

extension Stage {
    public func recover(_ input: Input, in context: StageContext) async throws -> Recovery<Output> {
        .unknown("this stage cannot tell whether its interrupted attempt took effect")
    }

    public static func leavesEffectOpen(_ failure: StageFailure) -> Bool { false }

    public static func companions(of input: Input, root: String) throws -> [String] { [] }

    public func preview(_ input: Input, in context: StageContext) async throws -> Preview { Preview() }
}
