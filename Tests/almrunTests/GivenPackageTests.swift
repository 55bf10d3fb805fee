import Foundation
import Testing

/// Who made a package that is given to a run may not approve it, whatever the repository is at now.
@Suite(.waits) struct GivenPackageTests {
    private static let change =
        #"sed -i 's/<LocalizedName description="C/<LocalizedName description="E/' solution/Other/Solution.xml"#

    /// Tess has released once, and there are a pipeline that makes a package and one that is given it.
    private func repository(packGate: String = "") throws -> ReleaseRepository {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, distinctFrom: [committers] }] }"],
            roles: "manager: [mads@contoso.example, rana@contoso.example, tess@contoso.example]\n")
        try repository.approve(try repository.release("1.0.0", as: "tess"), "prod", as: "mads")
        try repository.work.write(
            """
            inputs:
              version: { type: string, description: The version. }
            stages:
              pack:
                uses: solution.pack
                with: { source: solution, version: "${{ inputs.version }}", type: managed }
            \(packGate)
            """, "pipelines/build.yaml")
        try repository.work.write(
            """
            inputs:
              package: { type: package, description: The package. }
            stages:
              bind:
                uses: connections.rebind
                environment: prod
                with: { package: "${{ inputs.package }}" }
              up:
                uses: solution.promote
                environment: prod
                with: { package: "${{ inputs.package }}", settings: "${{ stages.bind.settings }}" }
            """, "pipelines/promote.yaml")
        try repository.commit("pipelines", as: "rana")
        return repository
    }

    private static let asking = """
          ask:
            uses: approval.wait
            needs: [pack]
            with: { role: manager, distinctFrom: [committers] }
        """

    /// The package that the newest run has made, as an input.
    private func made(_ repository: ReleaseRepository) throws -> String {
        let shown = try repository.almrun("show", "latest", "--format", "json").output
        let run = try #require(try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String: Any])
        for step in try #require(run["steps"] as? [[String: Any]]) {
            guard let output = step["output"] as? [String: Any], let package = output["package"] else { continue }
            return String(decoding: try JSONSerialization.data(withJSONObject: package), as: UTF8.self)
        }
        throw CocoaError(.fileNoSuchFile)
    }

    private func promote(_ package: String, _ repository: ReleaseRepository) throws -> String {
        let run = try repository.almrun("run", "promote", "--input", "package=\(package)", as: "mads")
        try #require(run.status == 75, "\(run.output)\(run.error)")
        return String(try #require(try repository.almrun("runs", "--ids").output.split(separator: "\n").first))
    }

    /// It is named as `why` takes it, and what `why` prints can be pasted.
    @Test func aPackageIsNamedAsForWhy() throws {
        let repository = try repository()
        defer { repository.remove() }
        let build = try repository.almrun("run", "build", "--input", "version=2.0.0")
        try #require(build.status == 0, "\(build.output)\(build.error)")
        try repository.write("prod", "gates: { approvals: [{ role: manager, distinctFrom: [requester] }] }")
        try repository.shell("rm pipelines/release.yaml && git commit -qam gone")
        let next = try repository.almrun("why", "ContosoSales@2.0.0.0", "prod").output
        let command = try #require(next.components(separatedBy: "next: almrun run promote --input package=").last)
        let digest = command.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(digest.count == 64 && digest.allSatisfy(\.isHexDigit), "\(next)")
        for name in ["ContosoSales@2.0.0.0", digest, String(digest.prefix(12)), "sha256:\(digest)"] {
            let plan = try repository.almrun("plan", "promote", "--input", "package=\(name)")
            #expect(plan.status == 0 && plan.output.contains(digest), "\(plan.output)\(plan.error)")
        }
        let run = try promote("ContosoSales@2.0.0.0", repository)
        #expect(try repository.almrun("show", run, "--gate", "up").output.contains(digest))
        let bad = try repository.almrun("run", "promote", "--input", "package=nothing")
        #expect(bad.status == 2 && bad.error.contains("give it as SOLUTION@VERSION"), "\(bad.error)")
    }

    /// Mads has it made of files that are in no commit, takes them back, and releases it.
    @Test(arguments: [true, false]) func whoChangedItIsLeftOut(_ isAsked: Bool) throws {
        let repository = try repository(packGate: isAsked ? Self.asking : "")
        defer { repository.remove() }
        try repository.shell(Self.change)
        let build = try repository.almrun("run", "build", "--input", "version=2.0.0", as: "mads")
        try #require(build.status == (isAsked ? 75 : 0), "\(build.output)\(build.error)")
        let package = try made(repository)
        try repository.shell("git checkout -q solution")
        let run = try promote(package, repository)
        let no = try repository.almrun("approve", run, "up", as: "mads")
        #expect(no.status == 2 && no.error.contains("[gate/not-allowed]"), "\(no.output)\(no.error)")
        let shown = try repository.almrun("show", run, "--gate", "up").output
        #expect(
            shown.contains("mads@contoso.example, who released changes that are in no commit")
                || shown.contains("nobody looked who wrote it"), "\(shown)")
        guard isAsked else { return }
        // Who had nothing to do with it may, and what came after is nobody's who made it.
        try repository.commit("later", as: "mads")
        let yes = try repository.almrun("approve", run, "up", as: "tess")
        #expect(yes.status == 0, "\(yes.error)")
    }

    /// Where nobody looked who wrote it, and where no run made it, nobody's approval counts.
    @Test func whereNobodyKnowsNobodyMay() throws {
        let repository = try repository()
        defer { repository.remove() }
        let build = try repository.almrun("run", "build", "--input", "version=2.0.0", as: "mads")
        try #require(build.status == 0, "\(build.output)\(build.error)")
        let run = try promote(try made(repository), repository)
        for person in ["mads", "rana", "tess"] {
            let no = try repository.almrun("approve", run, "up", as: person)
            #expect(no.status == 2, "\(no.output)")
            #expect(
                no.error.contains("no gate of the run that made the package left out committers")
                    || no.error.contains("wrote commits that are released"), "\(no.error)")
        }
    }

    /// What cannot be read for a moment is no doubt that stays.
    @Test func whatCannotBeReadForAMomentIsNotKept() throws {
        let repository = try repository()
        defer { repository.remove() }
        let run = try repository.release("1.1.0", as: "tess")
        #expect(try repository.almrun("approve", run, "prod", as: "mads").status == 0)
        let state = ".almrun/environments/prod/environment.json"
        try repository.shell("mv \(state) .std-kept && mkdir \(state)")
        let shut = try repository.almrun("resume", run, as: "tess")
        #expect(shut.status == 75, "\(shut.output)\(shut.error)")
        #expect(shut.error.contains("'prod.approval' stays closed: who may not approve cannot be"), "\(shut.error)")
        #expect(try repository.almrun("why", run, "prod.approval").error.contains("cannot be looked up now"))
        let refused = try repository.almrun("run", "release", "--input", "version=1.2.0")
        #expect(refused.status == 3, "\(refused.output)\(refused.error)")
        try repository.shell("rmdir \(state) && mv .std-kept \(state)")
        let end = try repository.almrun("resume", run, as: "tess")
        #expect(end.status == 0, "\(end.output)\(end.error)")
        #expect(try repository.almrun("verify", run).status == 0)
    }
}
