import CLibGit2

/// Says which git operation did not work and why, in git's own words where it has any.
public struct GitError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What callers may want to tell apart.
    public enum Kind: String, Sendable, Hashable {
        case notARepository, dubiousOwnership, unsupportedFormat, noWorkTree
        case partialClone, shallowClone
        case noCommit, noSuchRevision, noSuchPath, notAFile
        case invalidName, tagElsewhere, noIdentity, dirty
        case noSuchRemote, unsupportedRemote, remoteRefused
        case other
    }

    /// What went wrong, for programs.
    public var kind: Kind
    /// What went wrong, for people: lower case, no full stop.
    public var message: String
    /// What a person can do about it.
    public var help: String?

    /// The code of the kind, such as `git/no-commit`.
    public var code: String {
        kind.rawValue.reduce(into: "git/") { text, character in
            if character.isUppercase { text += "-" }
            text += character.lowercased()
        }
    }

    /// An error of a kind, with its sentence and advice.
    public init(_ kind: Kind, _ message: String, help: String? = nil) {
        self.kind = kind
        self.message = message
        self.help = help
    }

    public var description: String {
        if let help { "\(message) (\(help))" } else { message }
    }

    /// What libgit2 said last on this thread; read at once after the call that failed.
    static func last(_ doing: String, code: Int32) -> GitError {
        let words = lastWords
        // Without any such setting libgit2 only says that it is not there.
        if code == GIT_EOWNER.rawValue || words.contains("safe.directory") {
            return GitError(
                .dubiousOwnership,
                "\(doing): the repository belongs to another user (dubious ownership), and is not known to be trusted",
                help: "git config --global --add safe.directory FOLDER")
        }
        if words.contains("objectformat") {
            return GitError(
                .unsupportedFormat,
                "\(doing): the repository uses SHA-256 object names, which libgit2 does not read: \(words)",
                help: "use a repository with SHA-1 object names")
        }
        if words.contains("unsupported extension") || words.contains("unsupported repository version") {
            return GitError(.unsupportedFormat, "\(doing): \(words)")
        }
        return GitError(.other, words.isEmpty ? "\(doing): libgit2 gave status \(code)" : "\(doing): \(words)")
    }

    /// The text of the last error of this thread, or nothing.
    static var lastWords: String {
        guard let last = git_error_last(), let message = last.pointee.message else { return "" }
        return String(cString: message)
    }
}

/// Throws what libgit2 said when a call gave a negative status.
@discardableResult
func check(_ code: Int32, _ doing: @autoclosure () -> String) throws(GitError) -> Int32 {
    guard code >= 0 else { throw GitError.last(doing(), code: code) }
    return code
}
