public import Documents
public import Engine
import Environments
public import Pipelines

extension LocalExecutor {
    /// Asks the environment for the operation of a promotion; what other stages did only a probe can tell, which takes its time.
    public func lookBack(at step: Step, input: Value, attempt: Attempt) async -> Recovery<Value> {
        guard case .stage(SolutionPromote.description.kind) = step.work else {
            return .unknown("only a promotion is looked for at once")
        }
        do {
            // A folder that hangs may hold up a thread, but none of those that all tasks share.
            let secrets = try await blocking { try self.secrets(for: step) }
            let typed = try ValueDecoder().decode(SolutionPromote.Input.self, from: input)
            switch try await Self.look(SolutionPromote(), typed, context(step, attempt, secrets)) {
            case .completed(let output): return .completed(Self.masked(try ValueEncoder().encode(output), secrets))
            case .notStarted: return .notStarted
            case .unknown(let reason): return .unknown(reason)
            }
        } catch {
            return .unknown("\(error)")
        }
    }
}
