/// The manifests that `almrun init` begins a repository with.
public struct StarterManifests: Sendable {
    /// Paths and texts, in the order in which people read them.
    public let files: [(path: String, text: String)]
    /// What the reader has to put right.
    public let notes: [String]

    /// What a solution has to be bound to in each environment.
    public struct Needs: Sendable, Hashable {
        /// A connection reference.
        public struct Connection: Sendable, Hashable {
            /// The logical name.
            public var name: String
            public var connector: String

            public init(name: String, connector: String) {
                self.name = name
                self.connector = connector
            }
        }

        public var connections: [Connection]
        /// Schema names of environment variables.
        public var variables: [String]

        public init(connections: [Connection], variables: [String]) {
            self.connections = connections
            self.variables = variables
        }

        static let example = Needs(
            connections: [Connection(name: "contoso_sharedsales", connector: "sales")], variables: ["contoso_ApiUrl"])
    }

    /// For a repository whose connector and solution are where they are found.
    ///
    /// - Parameter needs: What the solution in a folder has to be bound to; nil where that cannot be read.
    public init(files repository: RepositoryFiles, needs: (String) -> Needs? = { _ in nil }) {
        // A definition with its properties beside it is the connector; one alone may be an older release kept for comparison.
        let connector =
            Self.find("apiDefinition.swagger.json", beside: "apiProperties.json", in: repository)
            ?? Self.find("apiDefinition.swagger.json", in: repository)
        let solution = Self.find("Other/Solution.xml", in: repository)
        var notes: [String] = []
        if connector == nil {
            notes.append(
                "no apiDefinition.swagger.json was found: put the connector's path into pipelines/release.yaml")
        }
        if solution == nil {
            notes.append(
                "no unpacked solution (Other/Solution.xml) was found: put its path into pipelines/release.yaml")
        }
        self.notes = notes
        let needs = solution.flatMap(needs) ?? .example
        func environment(_ name: String, after: String?) -> String { Self.environment(name, after: after, needs) }
        files = [
            ("pipelines/release.yaml", Self.release(connector ?? "connector", solution ?? "solution")),
            ("templates/promote.yaml", Self.promote), ("environments/dev.yaml", environment("dev", after: nil)),
            ("environments/test.yaml", environment("test", after: "dev")),
            ("environments/prod.yaml", environment("prod", after: "test") + Self.gates),
            ("environments/roles.yaml", Self.roles),
        ]
    }

    /// The first folder, not deep, in which a file is, and another one beside it where that is asked for.
    private static func find(
        _ file: String, beside other: String? = nil, in repository: RepositoryFiles
    ) -> String? {
        for depth in 0...3 {
            let pattern = String(repeating: "*/", count: depth) + file
            let match = repository.matches(pattern).first { path in
                repository.kind(of: path) == .file
                    && other.map { repository.kind(of: path.dropLast(file.count) + $0) == .file } ?? true
            }
            if let match {
                let folder = String(match.dropLast(file.count + 1))
                return folder.isEmpty ? "." : folder
            }
        }
        return nil
    }

    private static func release(_ connector: String, _ solution: String) -> String {
        """
        description: Build the solution once and carry the same package to production.

        inputs:
          version: { type: string, description: "The version to release, such as 1.0.0." }

        stages:
          lint:
            uses: openapi.lint
            with:
              document: \(connector == "." ? "" : connector + "/")apiDefinition.swagger.json

          pack:
            uses: solution.pack
            needs: [lint]
            with:
              source: \(solution)
              version: ${{ inputs.version }}
              type: managed

          dev:
            template: promote
            with: { environment: dev, package: "${{ stages.pack.package }}" }

          test:
            template: promote
            needs: [dev]
            with: { environment: test, package: "${{ stages.pack.package }}" }

          prod:
            template: promote
            needs: [test]
            with: { environment: prod, package: "${{ stages.pack.package }}" }

        """
    }

    private static let promote = """
        description: Bind and promote one package in one environment; the environment's own gates stand before the deployment.

        inputs:
          package: { type: package }
          environment: { type: environment }

        stages:
          rebind:
            uses: connections.rebind
            environment: ${{ inputs.environment }}
            with:
              package: ${{ inputs.package }}

          promote:
            uses: solution.promote
            environment: ${{ inputs.environment }}
            with:
              package: ${{ inputs.package }}
              settings: ${{ stages.rebind.settings }}

        """

    private static func environment(_ name: String, after: String?, _ needs: Needs) -> String {
        """
        description: \(name == "prod" ? "Production." : name == "test" ? "Where it is tested." : "Where it is made.")
        \(after.map { "after: \($0)                          # only a package verified there may come here\n" } ?? "")\
        target: { kind: directory, path: .almrun/environments/\(name) }
        \(bindings(name, needs))\
        backend: mock                       # what connector.test talks to: a URL, or the definition itself

        """
    }

    /// The bindings that people fill in, as comments.
    private static func bindings(_ name: String, _ needs: Needs) -> String {
        var lines: [String] = []
        if !needs.connections.isEmpty {
            lines += [
                "# By logical name of the connection reference; secrets come from the process environment:",
                "# connections:",
            ]
            for (index, one) in needs.connections.enumerated() {
                let secret = "\(name.uppercased())_CONNECTION\(index == 0 ? "" : "_\(index + 1)")"
                lines.append(
                    "#   \(one.name): { connector: \(one.connector), connection: \"${{ secrets.\(secret) }}\" }")
            }
        }
        if !needs.variables.isEmpty {
            lines.append("# variables:")
            lines += needs.variables.map { variable in
                let value = needs == .example ? "https://api.\(name).example" : "VALUE"
                return "#   \(variable): \(value)"
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static let gates = """
        gates:
          approvals:
            - role: release-manager
              distinctFrom: [requester]
          # What must have been shown of the package: names or kinds of stages that the pipeline has.
          # evidence: { stages: [lint], notOlderThan: 7d }
          # soak: 24h
          # windows: [{ days: mon-thu, from: "08:00", to: "16:00", timeZone: Europe/Oslo }]

        """

    private static let roles = """
        # Who may decide: people are who git says they are (user.email).
        # Whoever asks for a run cannot approve it, so there are two.
        release-manager:
          - { email: somebody@example.com, name: Somebody }
          - { email: somebody.else@example.com, name: Somebody Else }

        """
}
