import Documents
import Foundation
import Testing
import Zip

@testable import Solutions

/// The solution in `examples/contoso-sales`.
@Suite struct ExampleTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "examples/contoso-sales").path

    @Test(arguments: PackageType.allCases)
    func packsWithoutAWord(_ type: PackageType) throws {
        let packed = try SolutionPacker(type: type).pack(
            SolutionFolder(path: Self.folder + "/solution", name: "solution"))
        #expect(packed.diagnostics == [])
        #expect(packed.package.name == "ContosoSales")
        #expect(packed.package.version == SolutionVersion(1, 2, 0, 0))
        #expect(packed.package.connectionReferences.map(\.logicalName) == ["contoso_sharedcontososales"])
        #expect(packed.package.environmentVariables.map(\.schemaName) == ["contoso_SalesApiUrl"])
        #expect(packed.package.workflows.first?.operations.isEmpty == false)
        #expect(packed.package.workflows.first?.isCalled("contoso_NightlySync", prefix: "contoso") == true)
    }

    @Test func theConnectorInItIsTheConnectorBesideIt() throws {
        let inside = try WholeFile.read(
            Self.folder + "/solution/Connectors/contoso_contoso-20sales_openapidefinition.json")
        let source = try WholeFile.read(Self.folder + "/connector/apiDefinition.swagger.json")
        #expect(
            inside == source, "copy connector/apiDefinition.swagger.json over the solution's openapidefinition.json")
        let properties = try Document(path: Self.folder + "/connector/apiProperties.json").root["properties"]
        for (part, key) in [
            ("connectionparameters", "connectionParameters"), ("policytemplateinstances", "policyTemplateInstances"),
        ] {
            let inside = try Document(path: Self.folder + "/solution/Connectors/contoso_contoso-20sales_\(part).json")
            #expect(inside.root.value == properties?[key]?.value)
        }
    }

    @Test func theConnectorIsCalledAsEnvironmentsCallIt() throws {
        let contents = try SolutionPacker().pack(SolutionFolder(path: Self.folder + "/solution")).package.contents
        let bindings = EnvironmentBindings(
            environment: "prod",
            connections: [
                .init(
                    logicalName: "contoso_sharedcontososales", connector: "contoso-sales",
                    connection: "${{ secrets.PROD_SALES_CONNECTION }}")
            ])
        _ = try Rebinding.preflight(contents, bindings: bindings)
    }
}
