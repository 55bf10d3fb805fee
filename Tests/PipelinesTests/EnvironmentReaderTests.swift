import Documents
import OrderedCollections
import Pipelines
import Testing

@Suite struct EnvironmentReaderTests {
    static let full = """
        description: All that can be said.
        after: dev
        target: { kind: dataverse, url: https://contoso.crm4.dynamics.com, tenant: t, client: "${{ secrets.CLIENT }}" }
        secretsFile: .secrets/prod
        connections:
          sales: { connector: contoso-sales, connection: "${{ secrets.SALES }}" }
        variables:
          Url: https://api.contoso.com
          Key: ${{ secrets.KEY }}
        flows: { default: disabled, NightlySync: enabled }
        backend: https://api.contoso.com
        gates:
          soak: 90m
          approvals: [{ role: release-manager, count: 2, distinctFrom: [requester, committers], instructions: Read. }]
          windows: [{ days: [fri-mon, wed], from: "22:00", to: "04:00", timeZone: UTC }]
          freezes: [{ from: 2026-12-18, to: 2026-12-18, reason: One day, timeZone: Europe/Oslo }]
        """

    @Test func everythingIsRead() throws {
        let repository = Repository("", ["environments/full.yaml": Self.full])
        let file = try #require(try repository.planner.environments(["full"]).first)
        #expect(file.summary == "All that can be said.")
        #expect(file.after == "dev")
        #expect(
            file.target
                == .dataverse(url: "https://contoso.crm4.dynamics.com", tenant: "t", client: "${{ secrets.CLIENT }}"))
        #expect(file.secretsFile == ".secrets/prod")
        #expect(file.connections["sales"]?.connector == "contoso-sales")
        #expect(file.connections["sales"]?.place == SourcePlace(file: "environments/full.yaml", line: 6, column: 3))
        #expect(file.variables["Key"]?.value == "${{ secrets.KEY }}")
        #expect(file.variables["Url"]?.place?.line == 8)
        #expect(file.flows == EnvironmentFile.Flows(defaultEnabled: false, enabled: ["NightlySync": true]))
        #expect(file.backend == .url("https://api.contoso.com"))
        #expect(
            file.gates
                == EnvironmentFile.Gates(
                    soak: 5400,
                    approvals: [
                        ApprovalPolicy(
                            role: "release-manager", count: 2, distinctFrom: [.requester, .committers],
                            instructions: "Read.")
                    ],
                    windows: [ChangeWindow(days: [1, 3, 5, 6, 7], from: 1320, to: 240, timeZone: "UTC")],
                    freezes: [Freeze(from: "2026-12-18", to: "2026-12-18", reason: "One day", timeZone: "Europe/Oslo")])
        )
        #expect(try ValueDecoder().decode(EnvironmentFile.self, from: ValueEncoder().encode(file)) == file)
    }

    /// A freeze without a zone is in the one of the windows beside it; in several or none it is in UTC.
    @Test(arguments: [
        ("", "", nil), ("Europe/Oslo", "", "Europe/Oslo"), ("Europe/Oslo Europe/Oslo", "", "Europe/Oslo"),
        ("Europe/Oslo America/New_York", "", nil), ("Europe/Oslo", ", timeZone: Asia/Tokyo", "Asia/Tokyo"),
        ("UTC", "", "UTC"),
    ])
    func aFreezeHasTheZoneOfTheWindows(_ zones: String, _ own: String, _ zone: String?) throws {
        let windows = zones.split(separator: " ").map {
            "{ days: daily, from: \"08:00\", to: \"16:00\", timeZone: \($0) }"
        }
        let text = """
            target: { kind: directory, path: x }
            gates:
              windows: [\(windows.joined(separator: ", "))]
              freezes: [{ from: 2026-12-18, to: 2027-01-06, reason: Year end\(own) }]
            """
        let repository = Repository("", ["environments/here.yaml": text])
        let file = try #require(try repository.planner.environments(["here"]).first)
        #expect(file.gates.freezes.map(\.timeZone) == [zone])
        #expect(file.gates.freezes.map(\.days) == ["2026-12-18 to 2027-01-06 \(zone ?? "UTC")"])
    }

    @Test func namesAndPeople() throws {
        let planner = Repository().planner
        #expect(planner.environmentNames == ["dev", "prod"])
        let refused = #expect(throws: Rejected.self) { try planner.environments(["prd"]) }
        #expect(refused?.diagnostics.first?.help == "did you mean 'prod'?")
        let plan = try Repository("stages: { a: { uses: noop } }").plan()
        #expect(
            plan.roles.members["release-manager"] == [
                Roles.Person(email: "mads@contoso.example", name: "Mads"), Roles.Person(email: "rana@contoso.example"),
            ])
    }

    /// Only what an environment asks for stands before a stage.
    @Test(arguments: [
        ("", ["preview"]), ("after: prod\n", ["preview", "eligible"]),
        ("after: prod\ngates: { soak: 1h }\n", ["preview", "eligible"]),
        ("gates: { freezes: [{ from: 2026-12-18, to: 2026-12-19, reason: x }] }\n", ["preview", "window"]),
        ("gates: { approvals: [{ role: release-manager }] }\n", ["preview", "approval"]),
    ])
    func gatesAsAskedFor(_ extra: String, _ gates: [String]) throws {
        let plan = try Repository(
            """
            stages:
              pack: { uses: solution.pack, with: { source: src, version: "1" } }
              up: { uses: solution.promote, environment: here, with: { package: "${{ stages.pack.package }}" } }
            """, ["environments/here.yaml": extra + "target: { kind: directory, path: here }"]
        ).plan()
        #expect(plan.ids == ["pack"] + gates.map { "up.\($0)" } + ["up"])
        #expect(plan["up"]?.needs.last == gates.last.map { Need(StepID("up.\($0)"), .gate) })
    }

    @Test func onDiskAsInMemory() throws {
        let files = RepositoryFiles(["a/b/x.yaml": "", "a/b/.hidden": "", "a/c/y.yaml": "", "a/d": ""])
        #expect(files.matches("a/*") == ["a/b", "a/c", "a/d"])
        #expect(files.matches("a/?/*.yaml") == ["a/b/x.yaml", "a/c/y.yaml"])
        #expect(files.matches("a/b/.h*") == ["a/b/.hidden"])
        #expect(files.matches("*/*/z") == [])
        #expect(files.matches("a/b/x.yaml") == ["a/b/x.yaml"])
        #expect(files.kind(of: "a/b") == .folder)
        #expect(files.kind(of: "./a//b/../d") == .file)
        #expect(files.kind(of: "../a") == nil)
    }
}
