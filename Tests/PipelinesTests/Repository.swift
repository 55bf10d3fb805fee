import Documents
import OrderedCollections
import Pipelines
import TestSupport
import Testing

/// A repository in memory: manifests, and what they give.
struct Repository {
    static let roles = """
        release-manager:
          - { email: mads@contoso.example, name: Mads }
          - rana@contoso.example
        """
    static let dev = "target: { kind: directory, path: .almrun/environments/dev }"
    static let prod = """
        after: dev
        target: { kind: directory, path: .almrun/environments/prod }
        connections:
          sales: { connector: contoso, connection: "${{ secrets.PROD_SALES }}" }
        variables:
          Url: https://api.contoso.com
        backend: https://api.contoso.com
        gates:
          soak: 24h
          approvals:
            - { role: release-manager, count: 2, distinctFrom: [requester], expires: 3d }
            - { role: release-manager }
          windows: [{ days: mon-thu, from: "08:00", to: "16:00", timeZone: Europe/Oslo }]
        """
    static let promote = """
        inputs:
          package: { type: package }
          environment: { type: environment }
        stages:
          rebind:
            uses: connections.rebind
            environment: ${{ inputs.environment }}
            with: { package: "${{ inputs.package }}" }
          promote:
            uses: solution.promote
            environment: ${{ inputs.environment }}
            with: { package: "${{ inputs.package }}", settings: "${{ stages.rebind.settings }}" }
        outputs:
          settings: ${{ stages.rebind.settings }}
        """

    var files: [String: String]

    /// With `pipelines/p.yaml`, two environments, roles and a template, unless others are given.
    init(_ pipeline: String = "", _ others: [String: String] = [:]) {
        files = [
            "environments/roles.yaml": Self.roles, "environments/dev.yaml": Self.dev,
            "environments/prod.yaml": Self.prod,
            "templates/promote.yaml": Self.promote, "connectors/a/api.json": "{}", "connectors/b/api.json": "{}",
        ]
        if !pipeline.isEmpty { files["pipelines/p.yaml"] = pipeline }
        files.merge(others) { $1 }
    }

    var planner: Planner { Planner(repository: RepositoryFiles(files), stages: FakeStages.all) }

    func plan(_ inputs: OrderedDictionary<String, Value> = [:]) throws -> Plan {
        try planner.plan(pipeline: "p", inputs: inputs)
    }

    /// What is wrong, without the warning of two approvals that one role is asked for: so it is here in `prod`.
    func check(inputFilesMustExist: Bool = false) -> [Diagnostic] {
        ManifestCheck(
            repository: RepositoryFiles(files), stages: FakeStages.all, inputFilesMustExist: inputFilesMustExist
        ).run().filter { found in
            found.code != "manifest/same-approvers" || found.location?.source.name == "environments/here.yaml"
        }
    }
}

extension Plan {
    subscript(_ id: StepID) -> Step? { steps.first { $0.id == id } }

    var ids: [String] { steps.map(\.id.rawValue) }
}

extension Step {
    /// Needs as `step` (declared), `step.output`, `step?output` (condition), `step!` (gate).
    var edges: [String] {
        needs.map { need in
            switch need.reason {
            case .declared: "\(need.step)"
            case .output(let name): "\(need.step).\(name)"
            case .condition(let name): "\(need.step)?\(name)"
            case .gate: "\(need.step)!"
            case .evidence: "\(need.step)^"
            }
        }
    }

    func argument(_ name: String) -> Argument? {
        guard case .map(let members) = input else { return nil }
        return members[name]
    }
}
