import Documents
import OrderedCollections
public import Pipelines

extension Plan {
    /// Whether a promotion to an environment is given what a stage has bound, and does not read the environment's file itself.
    public func rebinds(for environment: String) -> Bool {
        steps.contains { step in
            guard step.environment == environment, step.work == .stage(SolutionPromote.description.kind),
                case .map(let input) = step.input, let settings = input["settings"]
            else { return false }
            return settings != .literal(.null)
        }
    }

    /// Whether what a promotion to an environment binds comes from that environment's file: itself, or by way of a stage
    /// that binds for this environment.
    public func bindsByFile(of environment: String) -> Bool {
        steps.contains { step in
            guard step.environment == environment else { return false }
            switch step.work {
            case .stage(ConnectionsRebind.description.kind): return true
            case .stage(SolutionPromote.description.kind):
                guard case .map(let input) = step.input, let settings = input["settings"] else { return true }
                return settings == .literal(.null)
            default: return false
            }
        }
    }
}
