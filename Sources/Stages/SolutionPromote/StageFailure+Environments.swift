import Engine
import Environments
import Pipelines

extension StageFailure {
    /// What an environment said, as a failure of a stage.
    init(_ error: EnvironmentError) {
        let kind: Kind =
            switch error.kind {
            case .refused: .rejected
            case .stale: .stale
            case .busy: .transient
            case .damaged, .disk: .broken
            }
        let changed: [ApprovalPolicy.Part] = error.code == "environment/stale-package" ? [.package] : [.target]
        self.init(kind, error.code, error.message, notes: error.notes, changed: kind == .stale ? changed : [])
    }
}
