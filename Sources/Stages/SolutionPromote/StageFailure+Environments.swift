import Engine
import Environments

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
        self.init(kind, error.code, error.message, notes: error.notes)
    }
}
