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
        self.init(kind, "git/\(Self.word(error.kind))", error.message, notes: error.help.map { [$0] } ?? [])
    }

    private static func word(_ kind: GitError.Kind) -> String {
        kind.rawValue.reduce(into: "") { text, character in
            if character.isUppercase { text += "-" }
            text += character.lowercased()
        }
    }
}
