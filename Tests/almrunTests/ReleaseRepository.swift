import Foundation
import Testing

/// A git repository with a pipeline `release` that packs one solution and carries it through environments.
struct ReleaseRepository {
    /// A stage that lints the connector's definition, for `stages`.
    static let lint = """
          lint:
            uses: openapi.lint
            with:
              document: solution/Connectors/contoso_contoso-20sales_openapidefinition.json
              failOn: never

        """

    let work: WorkFolder
    var path: String { work.path }

    /// - Parameters:
    ///   - places: The environments in their order, each with more lines of its file.
    ///   - stages: More stages of the pipeline, each line with two blanks before it.
    init(_ places: KeyValuePairs<String, String>, roles: String, stages: String = "") throws {
        work = try WorkFolder()
        let solution = "\(DocumentationTests.root)/examples/contoso-sales/solution"
        try FileManager.default.copyItem(atPath: solution, toPath: "\(work.path)/solution")
        var pipeline = """
            inputs:
              version: { type: string, description: The version. }
            stages:
              pack:
                uses: solution.pack
                with: { source: solution, version: "${{ inputs.version }}", type: managed }

            """
        var before: String?
        for (name, _) in places {
            pipeline += """
                  \(name)-bind:
                    uses: connections.rebind
                    environment: \(name)
                    with: { package: "${{ stages.pack.package }}" }
                  \(name):
                    uses: solution.promote
                    environment: \(name)
                    needs: [\(before ?? "")]
                    with: { package: "${{ stages.pack.package }}", settings: "${{ stages.\(name)-bind.settings }}" }

                """
            before = name
        }
        try work.write(pipeline + stages, "pipelines/release.yaml")
        for (name, more) in places { try write(name, more) }
        try work.write(roles, "environments/roles.yaml")
        try work.write(".almrun/\n.std*\n", ".gitignore")
        try shell("git init -q -b main .")
        try commit("first", as: "rana")
    }

    /// Writes the file of an environment.
    func write(_ name: String, _ more: String) throws {
        try work.write(
            """
            target: { kind: directory, path: .almrun/environments/\(name) }
            connections:
              contoso_sharedcontososales: { connector: contoso-sales, connection: sales-\(name)-0001 }
            variables:
              contoso_SalesApiUrl: https://api.\(name).example
            flows: { default: enabled }
            \(more)
            """, "environments/\(name).yaml")
    }

    /// Commits everything, and a new file, in the name of a person.
    func commit(_ message: String, as person: String) throws {
        try work.write("\(message)\n", "notes/\(message).txt")
        try shell("git add . && git commit -qm \(message)", as: person)
    }

    func shell(_ script: String, as person: String = "rana") throws {
        var variables = Self.identity(person)
        variables["GIT_COMMITTER_EMAIL"] = "\(person)@contoso.example"
        let result = try BuiltCommand.shell(script, in: path, environment: variables)
        try #require(result.status == 0, "\(result.output)\(result.error)")
    }

    /// Runs the built command in the name of a person.
    func almrun(_ arguments: String..., as person: String = "rana") throws -> BuiltCommand.Result {
        try BuiltCommand.run(arguments, in: path, environment: Self.identity(person))
    }

    /// Starts a release that waits, and gives its name.
    func release(_ version: String, as person: String = "rana") throws -> String {
        let run = try almrun("run", "release", "--input", "version=\(version)", as: person)
        try #require(run.status == 75, "\(run.output)\(run.error)")
        return try newest()
    }

    /// Starts a release of 1.0.0 that fails at a gate, and gives its name.
    func failedRelease() throws -> String {
        let run = try almrun("run", "release", "--input", "version=1.0.0")
        try #require(run.status == 1, "\(run.output)\(run.error)")
        return try newest()
    }

    /// Releases versions that wait for nobody.
    func promote(_ versions: String...) throws {
        for version in versions {
            let run = try almrun("run", "release", "--input", "version=\(version)")
            try #require(run.status == 0, "\(run.output)\(run.error)")
        }
    }

    /// The name of the newest run.
    func newest() throws -> String {
        String(try #require(try almrun("runs", "--ids").output.split(separator: "\n").first))
    }

    /// Lets `prod` ask a manager, and for lint that is not older than so many seconds.
    func askForLint(notOlderThan seconds: Int) throws {
        try write(
            "prod",
            "gates: { evidence: { stages: [lint], notOlderThan: \(seconds)s }, approvals: [{ role: manager }] }")
    }

    /// Approves, and takes the run up.
    func approve(_ run: String, _ stage: String, as person: String) throws {
        let yes = try almrun("approve", run, stage, as: person)
        try #require(yes.status == 0, "\(yes.error)")
        let end = try almrun("resume", run)
        try #require(end.status == 0 || end.status == 75, "\(end.output)\(end.error)")
    }

    func remove() { work.remove() }

    private static func identity(_ person: String) -> [String: String] {
        ["GIT_AUTHOR_NAME": person, "GIT_AUTHOR_EMAIL": "\(person)@contoso.example"]
    }

    /// Has a person asked before the package is made, and commits that.
    func askBeforePacking() throws {
        let text = try String(contentsOfFile: "\(path)/pipelines/release.yaml", encoding: .utf8)
        try work.write(
            text.replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [ask]\n")
                + "  ask:\n    uses: approval.wait\n    with: { role: manager }\n", "pipelines/release.yaml")
        try commit("order", as: "rana")
    }
}

extension ReleaseRepository {
    /// A repository in which `eu` asks as it is told and `us` for what `pen` shows, which fails, both after `dev`.
    static func regions(
        roles: String, eu: String, twoBypass: Bool = false, more: String = ""
    ) throws -> ReleaseRepository {
        let two = twoBypass ? ", secondPerson: true" : ""
        let pen = """
              pen:
                uses: shell.run
                needs: [pack]
                with: { command: [sh, -c, "test -f fixed"] }

            """
        let repository = try ReleaseRepository(
            [
                "dev": "", "eu": "after: dev\n\(eu)",
                "us": "after: dev\ngates: { evidence: [pen], bypass: { role: oncall\(two) } }",
            ], roles: roles, stages: pen + more)
        let path = "\(repository.path)/pipelines/release.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try repository.work.write(text.replacing("needs: [eu]", with: "needs: [dev]"), "pipelines/release.yaml")
        try repository.commit("regions", as: "rana")
        return repository
    }
}
