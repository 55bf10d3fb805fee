/// Who must approve, until when, and what makes the approval void.
public struct ApprovalPolicy: Sendable, Hashable {
    /// A group of people who may not approve; as text `requester`, `committers` or `approvers-of: NAME`.
    public enum Excluded: Sendable, Hashable {
        case requester, committers
        /// Who approved for the same package before a deployment in the environment of that name, in this run or an
        /// earlier one that it knows of.
        case approvers(of: String)
    }

    /// Whether an approval counts without a signature.
    public enum Signing: String, Sendable, Hashable, Codable, CaseIterable { case optional, required }

    /// Something that an approval is about.
    public enum Part: String, Sendable, Hashable, Codable, CaseIterable { case package, plan, target }

    /// A role of `environments/roles.yaml`.
    public var role: String
    /// How many different people.
    public var count: Int
    public var distinctFrom: [Excluded]
    /// Seconds in which people can decide; what they said in that time counts later too.
    public var expires: Double?
    public var instructions: String?
    public var signed: Signing
    /// A change of one of these makes what was approved void, and a change of others does not.
    public var voidOn: [Part]

    public init(
        role: String, count: Int = 1, distinctFrom: [Excluded] = [], expires: Double? = nil,
        instructions: String? = nil, signed: Signing = .optional, voidOn: [Part] = Part.allCases
    ) {
        self.role = role
        self.count = count
        self.distinctFrom = distinctFrom
        self.expires = expires
        self.instructions = instructions
        self.signed = signed
        self.voidOn = voidOn
    }
}

extension ApprovalPolicy.Excluded: RawRepresentable, Codable {
    /// What stands before the name of an environment.
    static let approversKey = "approvers-of"
    /// As manifests say it.
    static let words = ["requester", "committers", "approvers-of: ENVIRONMENT"]

    public init?(rawValue text: String) {
        switch text {
        case "requester": self = .requester
        case "committers": self = .committers
        default:
            guard text.hasPrefix(Self.approversKey + ":") else { return nil }
            let name = text.dropFirst(Self.approversKey.count + 1).drop { $0 == " " }
            guard Problems.isName(String(name)) else { return nil }
            self = .approvers(of: String(name))
        }
    }

    public var rawValue: String {
        switch self {
        case .requester: "requester"
        case .committers: "committers"
        case .approvers(let name): "\(Self.approversKey): \(name)"
        }
    }

    /// The people in words, as after "not".
    public var phrase: String {
        switch self {
        case .requester: "the requester"
        case .committers: "the committers"
        case .approvers(let name): "the approvers of '\(name)'"
        }
    }
}
