public import OrderedCollections

/// `environments/roles.yaml`: which people have which role.
public struct Roles: Sendable, Hashable, Codable {
    /// Somebody who can decide.
    public struct Person: Sendable, Hashable, Codable {
        /// The git e-mail; compared without regard to case.
        public var email: String
        public var name: String?
        /// An OpenSSH public key, for signed approvals.
        public var key: String?

        public init(email: String, name: String? = nil, key: String? = nil) {
            self.email = email
            self.name = name
            self.key = key
        }
    }

    public var members: OrderedDictionary<String, [Person]>

    public init(members: OrderedDictionary<String, [Person]> = [:]) { self.members = members }
}
