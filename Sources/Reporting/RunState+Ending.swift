public import Engine
import Pipelines

extension RunState {
    /// Why a run that is over did not succeed, in one line: what failed first, who said no, who cancelled it; nil for others.
    public var endingReason: String? {
        switch status {
        case .running, .waiting, .succeeded: return nil
        case .failed:
            for (step, known) in zip(plan.steps, steps) where known.status == .failed {
                guard let failure = known.failure else { continue }
                let others = steps.count { $0.status == .failed } - 1
                return "failed: \(step.id): \(failure.message) [\(failure.code)]"
                    + (others > 0 ? "; and \(others) more" : "")
                    + (isWithdrawn ? cancelRequest.map { "; withdrawn \($0.said)" } ?? "" : "")
            }
        case .rejected:
            for (step, known) in zip(plan.steps, steps) where known.status == .rejected {
                if case .rejected(let why)? = known.reason { return "rejected: \(step.id): \(why)" }
            }
        case .cancelled:
            guard let request = cancelRequest else { break }
            return "cancelled by \(request.person)\(request.reason.map { ": \($0)" } ?? "")"
        }
        return nil
    }
}
