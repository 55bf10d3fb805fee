import OrderedCollections

extension EnvironmentFile {
    private enum Key: String, CodingKey {
        case name, summary, after, target, connections, variables, flows, backend, gates, pending, secretsFile
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            summary: try container.decodeIfPresent(String.self, forKey: .summary),
            after: try container.decodeIfPresent(String.self, forKey: .after),
            target: try container.decode(Target.self, forKey: .target),
            connections: try container.decode(KeyedMap<Connection>.self, forKey: .connections).map,
            variables: try container.decode(KeyedMap<Variable>.self, forKey: .variables).map,
            flows: try container.decode(Flows.self, forKey: .flows),
            backend: try container.decodeIfPresent(Backend.self, forKey: .backend),
            gates: try container.decode(Gates.self, forKey: .gates),
            pending: try container.decodeIfPresent(Plan.Concurrency.Pending.self, forKey: .pending) ?? .queue,
            secretsFile: try container.decodeIfPresent(String.self, forKey: .secretsFile))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(summary, forKey: .summary)
        try container.encodeIfPresent(after, forKey: .after)
        try container.encode(target, forKey: .target)
        try container.encode(KeyedMap(connections), forKey: .connections)
        try container.encode(KeyedMap(variables), forKey: .variables)
        try container.encode(flows, forKey: .flows)
        try container.encodeIfPresent(backend, forKey: .backend)
        try container.encode(gates, forKey: .gates)
        if pending != .queue { try container.encode(pending, forKey: .pending) }
        try container.encodeIfPresent(secretsFile, forKey: .secretsFile)
    }
}

extension EnvironmentFile.Target {
    private enum Key: String, CodingKey { case kind, path, url, tenant, client }
    private enum Kind: String, Codable { case directory, dataverse }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .directory: self = .directory(path: try container.decode(String.self, forKey: .path))
        case .dataverse:
            self = .dataverse(
                url: try container.decode(String.self, forKey: .url),
                tenant: try container.decode(String.self, forKey: .tenant),
                client: try container.decode(String.self, forKey: .client))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .directory(let path):
            try container.encode(Kind.directory, forKey: .kind)
            try container.encode(path, forKey: .path)
        case .dataverse(let url, let tenant, let client):
            try container.encode(Kind.dataverse, forKey: .kind)
            try container.encode(url, forKey: .url)
            try container.encode(tenant, forKey: .tenant)
            try container.encode(client, forKey: .client)
        }
    }
}

extension EnvironmentFile.Backend {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self = text == "mock" ? .mock : .url(text)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .mock: try container.encode("mock")
        case .url(let url): try container.encode(url)
        }
    }
}

extension EnvironmentFile.Flows {
    private enum Key: String, CodingKey { case defaultEnabled, enabled }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            defaultEnabled: try container.decodeIfPresent(Bool.self, forKey: .defaultEnabled),
            enabled: try container.decode(KeyedMap<Bool>.self, forKey: .enabled).map)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(defaultEnabled, forKey: .defaultEnabled)
        try container.encode(KeyedMap(enabled), forKey: .enabled)
    }
}

extension Roles {
    public init(from decoder: any Decoder) throws {
        self.init(members: try KeyedMap<[Person]>(from: decoder).map)
    }

    public func encode(to encoder: any Encoder) throws { try KeyedMap(members).encode(to: encoder) }
}
