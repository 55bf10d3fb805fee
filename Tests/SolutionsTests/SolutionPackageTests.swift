import Testing
import Zip

@testable import Solutions

@Suite struct SolutionPackageTests {
    @Test(.enabled(if: Samples.isPresent, "sample data beside the checkout is missing"))
    func readsARealPackage() throws {
        let package = try Samples.package("pnp__varify-bot")
        #expect(package.name == "VARifyBot" || !package.name.isEmpty)
        #expect(!package.isManaged)
        #expect(package.connectionReferences.count == 4)
        let custom = try #require(package.connectionReferences.first)
        #expect(custom.customConnectorID == "5c834463-f47d-4959-9c3a-fa07810814e3")
        #expect(custom.apiName == "shared_api-2dfootball-5fef65ead3619d20b2-5fd08fbdd201909bb3")
        #expect(package.connectors.map(\.name) == ["ba_api-2dfootball"])
        #expect(package.workflows.map(\.name) == ["VARify_Introduction", "VARify_SetFavouriteTeam"])
        #expect(package.workflows.allSatisfy { $0.isOn && $0.category == 5 })
        #expect(package.manifest.publisher.prefix == "ba")
        #expect(package.digest.count == 64)
    }

    @Test(.enabled(if: Samples.isPresent, "sample data beside the checkout is missing"))
    func readsVariablesAndTheirParents() throws {
        let package = try Samples.package("pnp__create-folder-with-link-back-to-list")
        #expect(package.environmentVariables.map(\.schemaName) == ["pnp_ev_list", "pnp_ev_site"])
        #expect(package.environmentVariables.map(\.kind) == [.dataSource, .dataSource])
        #expect(package.environmentVariables.map(\.parent) == ["pnp_ev_site", nil])
        let values = try Samples.package("pnp__notify-team-of-unresponsive-channel-post").environmentVariables
        #expect(values.count == 4)
        #expect(values.count { $0.packagedValue != nil } == 2)
    }

    @Test(.enabled(if: Samples.isPresent, "sample data beside the checkout is missing"))
    func theFormsOfOneSolutionDifferOnlyWhereTheServerSaysSo() throws {
        let plain = try Samples.package("tf__TerraformSolutionExample_1_0_0_1")
        let managed = try Samples.package("tf__TerraformSolutionExample_1_0_0_1_managed")
        #expect(managed.isManaged && !plain.isManaged)
        let names = ContentComparison.differences(plain.entries, managed.entries).map(\.name)
        #expect(names == ["customizations.xml", "solution.xml"])
    }

    @Test func readsMissingDependenciesAndFlowStates() throws {
        var solution = SolutionDouble()
        solution.replace(
            "<MissingDependencies />",
            with: """
                <MissingDependencies>
                      <MissingDependency>
                        <Required type="connectionreference" displayName="x" solution="Active" id.connectionreferencelogicalname="contoso_elsewhere" />
                        <Dependent type="29" displayName="Nightly" id="{\(SolutionDouble.flow.uppercased())}" />
                      </MissingDependency>
                    </MissingDependencies>
                """, in: "Other/Solution.xml")
        solution.replace("contoso_ref", with: "contoso_elsewhere", in: SolutionDouble.flowFile)
        solution.replace("<StateCode>1", with: "<StateCode>0", in: SolutionDouble.flowFile + ".data.xml")
        let package = try solution.pack().package
        let missing = try #require(package.manifest.missingDependencies.first)
        #expect(missing.required.logicalName == "contoso_elsewhere")
        #expect(missing.required.solution == "Active")
        #expect(missing.dependent.id == SolutionDouble.flow)
        #expect(package.workflows.map(\.isOn) == [false])
        #expect(package.workflows.first?.isCalled("contoso_nightly", prefix: "contoso") == true)
        #expect(package.workflows.first?.isCalled("weekly", prefix: "contoso") == false)
    }
}
