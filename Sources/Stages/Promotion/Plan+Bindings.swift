import Documents
import OrderedCollections
public import Pipelines

extension Plan {
    /// Whether a promotion to an environment is given what a stage has bound, and does not read the environment's file itself.
    public func rebinds(for environment: String) -> Bool {
        steps.contains { step in
            step.environment == environment && step.work == .stage(SolutionPromote.description.kind)
                && step.isGivenSettings
        }
    }

    /// Whether what a promotion to an environment binds comes from that environment's file: itself, or by way of a stage
    /// that binds for this environment.
    public func bindsByFile(of environment: String) -> Bool {
        steps.contains { step in
            guard step.environment == environment else { return false }
            switch step.work {
            case .stage(ConnectionsRebind.description.kind): return true
            case .stage(SolutionPromote.description.kind): return !step.isGivenSettings
            default: return false
            }
        }
    }
}

extension Step {
    /// Whether it has settings as an input, and does not take those of the environment's file.
    fileprivate var isGivenSettings: Bool {
        guard case .map(let input) = self.input, let settings = input["settings"] else { return false }
        return settings != .literal(.null)
    }
}
