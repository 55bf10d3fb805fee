import CLibGit2

/// A name and an e-mail address as git writes them.
public struct Person: Sendable, Hashable, CustomStringConvertible {
    public var name: String
    public var email: String
    public var description: String { "\(name) <\(email)>" }

    /// A person by name and address.
    public init(name: String, email: String) {
        self.name = name
        self.email = email
    }

    init(_ signature: UnsafePointer<git_signature>?) {
        name = signature.flatMap { $0.pointee.name }.map { String(cString: $0) } ?? ""
        email = signature.flatMap { $0.pointee.email }.map { String(cString: $0) } ?? ""
    }
}
