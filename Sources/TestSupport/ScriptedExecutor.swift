public import Documents
public import Engine
public import Pipelines
import Synchronization

/// Carries steps out as a test says, and remembers what happened in its world, which no crash of the engine undoes.
public final class ScriptedExecutor: StageExecutor {
    /// One call.
    public struct Call: Sendable, Hashable {
        public var step: StepID
        public var attempt: Int
        public var token: String
        public var recovering: Bool
        public var input: Value
    }

    public typealias Script = @Sendable (Step, Value, Attempt) async -> StageOutcome
    public typealias Digest = @Sendable (Step, Value) -> String?

    private struct World {
        var calls: [Call] = []
        /// How often each effect happened, by its token.
        var effects: [String: Int] = [:]
        var running: Set<StepID> = []
        var busiest = 0
        var environments: Set<String> = []
        var violations: [String] = []
    }

    private let world = Mutex(World())
    private let script: Script
    private let digest: Digest
    private let available: @Sendable (Value) -> Bool

    /// Every step succeeds with no outputs.
    public convenience init() { self.init { _, _, _ in .succeeded([:]) } }

    /// Steps do as the script says; nothing is reused.
    public convenience init(_ script: @escaping Script) {
        self.init(digest: { _, _ in nil }, available: { _ in true }, script: script)
    }

    /// Also says which results may be reused.
    public init(digest: @escaping Digest, available: @escaping @Sendable (Value) -> Bool, script: @escaping Script) {
        self.digest = digest
        self.available = available
        self.script = script
    }

    /// Every call, in the order of their beginning.
    public var calls: [Call] { world.withLock(\.calls) }

    /// The steps that were carried out, in the order of their beginning.
    public var order: [String] { calls.map(\.step.rawValue) }

    /// How often each effect happened, by its token.
    public var effects: [String: Int] { world.withLock(\.effects) }

    /// The largest number of steps that ran at once.
    public var busiest: Int { world.withLock(\.busiest) }

    /// What must never happen and did.
    public var violations: [String] { world.withLock(\.violations) }

    public func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome {
        world.withLock { world in
            world.calls.append(
                Call(
                    step: step.id, attempt: attempt.number, token: attempt.token, recovering: attempt.recovering,
                    input: input))
            if !world.running.insert(step.id).inserted { world.violations.append("'\(step.id)' ran twice at once") }
            world.busiest = max(world.busiest, world.running.count)
            if step.locksEnvironment, let environment = step.environment,
                !world.environments.insert(environment).inserted
            {
                world.violations.append("two steps changed '\(environment)' at once")
            }
        }
        defer {
            world.withLock { world in
                world.running.remove(step.id)
                if step.locksEnvironment, let environment = step.environment {
                    world.environments.remove(environment)
                }
            }
        }
        return await script(step, input, attempt)
    }

    /// Makes an effect that can be recognised by its token happen, unless it has.
    public func effect(_ attempt: Attempt) {
        world.withLock { world in world.effects[attempt.token, default: 0] += 1 }
    }

    /// Whether the effect of the attempt has happened.
    public func hasEffect(_ attempt: Attempt) -> Bool { world.withLock { $0.effects[attempt.token] != nil } }

    public func inputDigest(of step: Step, input: Value) async -> String? { digest(step, input) }

    public func isAvailable(_ output: Value) async -> Bool { available(output) }
}
