import Foundation
import Testing

/// Evidence is about the package: a stage beside it that has nothing to do with it shows nothing.
@Suite(.waits) struct PackageEvidenceTests {
    private static let solution = "solution/Connectors/contoso_contoso-20sales_openapidefinition.json"

    /// The document that the stage reads, whether the package waits for it, and whether the gate opens.
    @Test(
        arguments: [
            ("connector/apiDefinition.swagger.json", false, false),
            ("solution/../connector/apiDefinition.swagger.json", false, false),
            ("connector/apiDefinition.swagger.json", true, true), (solution, false, true),
        ])
    func aStageMustBeAboutThePackage(_ document: String, _ isNeeded: Bool, _ isGood: Bool) throws {
        let repository = try ReleaseRepository(
            ["prod": "gates: { evidence: [lint] }"], roles: "bypass: [mads@contoso.example]\n",
            stages: "  lint:\n    uses: openapi.lint\n    with: { document: \(document), failOn: never }\n")
        defer { repository.remove() }
        try FileManager.default.copyItem(
            atPath: "\(DocumentationTests.root)/examples/contoso-sales/connector",
            toPath: "\(repository.path)/connector")
        if isNeeded {
            let file = "\(repository.path)/pipelines/release.yaml"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacing("uses: solution.pack\n", with: "uses: solution.pack\n    needs: [lint]\n")
                .write(toFile: file, atomically: true, encoding: .utf8)
        }
        let run = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(run.status == (isGood ? 0 : 1), "\(run.output)\(run.error)")
        let why = try repository.almrun("why", "latest", "prod.evidence").output
        guard !isGood else { return }
        #expect(
            why.contains(
                "stage 'lint' is neither given the package nor waited for by 'pack', which made it, and works on other files"
            ),
            "\(why)")
        #expect(why.contains("needs: [lint]"), "\(why)")
        let package = try repository.almrun("why", "ContosoSales@1.0.0", "prod").output
        #expect(package.contains("a new run of pipeline 'release' would not show it either"), "\(package)")
    }
}
