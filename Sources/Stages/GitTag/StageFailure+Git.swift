import Engine
import Git

extension StageFailure {
    /// What git said, as a failure of a stage.
    init(_ error: GitError) {
        let kind: Kind =
            switch error.kind {
            case .tagElsewhere, .remoteRefused: .rejected
            default: .broken
            }
        self.init(kind, error.code, error.message, notes: error.help.map { [$0] } ?? [])
    }
}
