import Crypto
public import Documents
import OrderedCollections

extension Plan {
    /// The version of the plan's JSON form that this almrun writes and reads.
    public static let format = 1

    private enum Key: String, CodingKey {
        case format, pipeline, summary, inputs, steps, environments, roles, concurrency, sources, subjects
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let format = try container.decode(Int.self, forKey: .format)
        guard format == Self.format else {
            throw DecodingError.dataCorruptedError(
                forKey: .format, in: container,
                debugDescription: "the plan has format \(format), and this almrun reads format \(Self.format)")
        }
        self.init(
            pipeline: try container.decode(String.self, forKey: .pipeline),
            summary: try container.decodeIfPresent(String.self, forKey: .summary),
            inputs: try container.decode(KeyedMap<Value>.self, forKey: .inputs).map,
            steps: try container.decode([Step].self, forKey: .steps),
            environments: try container.decode(KeyedMap<EnvironmentFile>.self, forKey: .environments).map,
            roles: try container.decode(Roles.self, forKey: .roles),
            concurrency: try container.decodeIfPresent(Concurrency.self, forKey: .concurrency),
            sources: try container.decode([SourceFile].self, forKey: .sources),
            subjects: try container.decodeIfPresent(KeyedMap<String>.self, forKey: .subjects)?.map)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(pipeline, forKey: .pipeline)
        try container.encodeIfPresent(summary, forKey: .summary)
        try container.encode(KeyedMap(inputs), forKey: .inputs)
        try container.encode(steps, forKey: .steps)
        try container.encode(KeyedMap(environments), forKey: .environments)
        try container.encode(roles, forKey: .roles)
        try container.encodeIfPresent(concurrency, forKey: .concurrency)
        try container.encode(sources, forKey: .sources)
        if let subjects { try container.encode(KeyedMap(subjects), forKey: .subjects) }
    }

    /// The plan as a plain value, for JSON.
    public func value() throws -> Value { try ValueEncoder().encode(self) }

    /// Reads a plan from its plain value.
    public init(_ value: Value) throws { self = try ValueDecoder().decode(Plan.self, from: value) }

    /// SHA-256 of what the plan does, hexadecimal: the same for manifests that differ only in layout, comments or file names.
    public var digest: String {
        var bare = self
        bare.sources = []
        for index in bare.steps.indices { bare.steps[index].place = nil }
        for index in bare.environments.values.indices {
            bare.environments.values[index].dropPlaces()
        }
        // A plan has nothing in it that cannot be encoded; should it ever, its description tells plans apart as well.
        let text = (try? ValueEncoder().encode(bare).canonicalJSON) ?? String(describing: bare)
        return Self.sha256(Array(text.utf8))
    }

    /// The names of all secrets that a run of the plan may ask for, sorted.
    public var secretNames: [String] {
        var names: Set<String> = []
        for step in steps {
            for case .secret(let name) in step.input.references { names.insert(name) }
        }
        for environment in environments.values { names.formUnion(environment.secretNames) }
        for case .string(let text) in inputs.values where ReferenceText.isNeeded(text) {
            for case .path(let path, _) in ReferenceText(text).parts {
                if case .secret(let name)? = Reference(path) { names.insert(name) }
            }
        }
        return names.sorted()
    }

    static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }
}

extension Step {
    /// The names of the secrets that the stage itself names.
    public var secretNames: Set<String> {
        var names: Set<String> = []
        for case .secret(let name) in input.references { names.insert(name) }
        return names
    }
}

extension EnvironmentFile {
    /// The names of the secrets that the file names.
    public var secretNames: Set<String> {
        var texts = connections.values.map(\.connection) + variables.values.map(\.value)
        if case .dataverse(let url, let tenant, let client) = target { texts += [url, tenant, client] }
        if case .url(let address)? = backend { texts.append(address) }
        var names: Set<String> = []
        for text in texts where ReferenceText.isNeeded(text) {
            for case .path(let path, _) in ReferenceText(text).parts {
                if case .secret(let name)? = Reference(path) { names.insert(name) }
            }
        }
        return names
    }

    fileprivate mutating func dropPlaces() {
        for index in connections.values.indices { connections.values[index].place = nil }
        for index in variables.values.indices { variables.values[index].place = nil }
    }
}
