public import FoundationEssentials

/// Everything that an environment holds, in one value that is published whole.
public struct EnvironmentState: Sendable, Hashable, Codable {
    /// A connection reference and what it is bound to.
    public struct ConnectionReference: Sendable, Hashable, Codable {
        public var connector: String
        /// Nil while nobody has bound it.
        public var connection: StoredText?
    }

    /// An environment variable and its value here.
    public struct Variable: Sendable, Hashable, Codable {
        public var defaultValue: String?
        /// Nil while only the default holds.
        public var value: StoredText?
    }

    /// A flow and whether it is switched on.
    public struct Flow: Sendable, Hashable, Codable {
        public var name: String
        public var solution: String
        public var isOn: Bool
    }

    /// One line of the history; the whole of it is the receipt of the same number.
    public struct Operation: Sendable, Hashable, Codable {
        /// What became of it.
        public enum Result: String, Sendable, Hashable, Codable {
            /// It took effect and has not been read back.
            case done
            /// Reading back found everything as planned.
            case verified
            /// Reading back found something else.
            case differs
        }

        public var sequence: Int
        public var token: OperationToken
        public var solution: String
        public var version: String
        public var digest: String
        public var action: DeploymentPlan.Action
        public var by: String
        public var at: Date
        public var result: Result
        /// When it was read back last.
        public var readBack: Date?
    }

    /// The format of the file; readers refuse what they do not know.
    public static let currentFormat = 1

    public var format: Int
    /// Key of the digests of secrets; made with the environment.
    public var key: String
    /// By unique name.
    public var solutions: [String: InstalledSolution]
    /// By logical name.
    public var connectionReferences: [String: ConnectionReference]
    /// By schema name.
    public var variables: [String: Variable]
    /// By id.
    public var flows: [String: Flow]
    /// Every operation that took effect, oldest first; only ever added to.
    public var operations: [Operation]

    /// An environment in which nothing is installed.
    public init(key: String) {
        format = Self.currentFormat
        self.key = key
        solutions = [:]
        connectionReferences = [:]
        variables = [:]
        flows = [:]
        operations = []
    }

    /// The operation with a token.
    func operation(_ token: OperationToken) -> Operation? { operations.last { $0.token == token } }

    /// The verified deployments of a solution, newest first: each an unbroken stay of one package.
    public func verifiedDeployments(of solution: String) -> [VerifiedDeployment] {
        var stays: [[Operation]] = []
        for operation in operations where operation.solution == solution {
            if let last = stays.last?.last, last.digest == operation.digest {
                stays[stays.count - 1].append(operation)
            } else {
                stays.append([operation])
            }
        }
        var found: [VerifiedDeployment] = []
        for (index, stay) in stays.enumerated() {
            // The last operation that changed something, or one after it, must have been found as planned.
            let changed = stay.lastIndex { $0.action != .nothing } ?? 0
            guard let first = stay.first,
                let verified = stay[changed...].last(where: { $0.result == .verified })?.readBack
            else { continue }
            found.append(
                VerifiedDeployment(
                    solution: solution, version: first.version, digest: first.digest, deployed: first.at,
                    verified: verified, replaced: index + 1 < stays.count ? stays[index + 1].first?.at : nil))
        }
        return found.reversed()
    }

    /// The verified deployments of a package, newest first.
    public func verifiedDeployments(ofPackage digest: String) -> [VerifiedDeployment] {
        guard let solution = operations.last(where: { $0.digest == digest })?.solution else { return [] }
        return verifiedDeployments(of: solution).filter { $0.digest == digest }
    }

    /// The operation by which an earlier package took the place of this one; nil where it is the installed one, never was
    /// there, or gave way to a newer version.
    public func rollback(of digest: String) -> Operation? {
        guard let last = operations.lastIndex(where: { $0.digest == digest }) else { return nil }
        let own = operations[last]
        guard
            let next = operations[(last + 1)...].first(where: { $0.solution == own.solution && $0.digest != digest }),
            Self.parts(next.version).lexicographicallyPrecedes(Self.parts(own.version))
        else { return nil }
        return next
    }

    private static func parts(_ version: String) -> [Int] { version.split(separator: ".").map { Int($0) ?? 0 } }

    /// The newest verified deployment of a package.
    public func verifiedDeployment(of digest: String) -> VerifiedDeployment? {
        verifiedDeployments(ofPackage: digest).first
    }
}
