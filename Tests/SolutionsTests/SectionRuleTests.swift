import Documents
import Testing
import Zip

@testable import Solutions

/// Kinds of component that no sample has: they go to their files and come back byte for byte.
@Suite struct SectionRuleTests {
    static let customizations = """
        <ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
          <Entities></Entities>
          <Roles>
            <Role id="{1}" name="Sales reader">
              <RolePrivileges />
            </Role>
          </Roles>
          <Workflows></Workflows>
          <EntityRelationships>
            <EntityRelationship Name="contoso_a_b">
              <EntityRelationshipType>ManyToMany</EntityRelationshipType>
              <FirstEntityName>contoso_A</FirstEntityName>
            </EntityRelationship>
          </EntityRelationships>
          <optionsets>
            <optionset Name="contoso_status" localizedName="Status" />
          </optionsets>
          <WebResources>
            <WebResource>
              <Name>contoso_/scripts/form.js</Name>
              <FileName>/WebResources/contoso_scriptsformjsAAAA</FileName>
            </WebResource>
          </WebResources>
          <CustomControls>
            <CustomControl>
              <Name>contoso_Control</Name>
              <FileName>/Controls/contoso_Control/ControlManifest.xml</FileName>
            </CustomControl>
          </CustomControls>
          <SolutionPluginAssemblies>
            <PluginAssembly FullName="Sales, Version=1.0.0.0">
              <FileName>/PluginAssemblies/Sales-BBBB/Sales.dll</FileName>
            </PluginAssembly>
          </SolutionPluginAssemblies>
          <AppModuleSiteMaps>
            <AppModuleSiteMap>
              <SiteMapUniqueName>contoso_App</SiteMapUniqueName>
            </AppModuleSiteMap>
          </AppModuleSiteMaps>
          <AppModules>
            <AppModule>
              <UniqueName>contoso_App</UniqueName>
            </AppModule>
          </AppModules>
          <CanvasApps>
            <CanvasApp>
              <Name>contoso_canvas_1</Name>
              <DocumentUri>/CanvasApps/contoso_canvas_1_DocumentUri.msapp</DocumentUri>
            </CanvasApp>
          </CanvasApps>
          <Reports>
            <Report>
              <FileName>/Reports/r.rdl</FileName>
            </Report>
          </Reports>
          <Languages>
            <Language>1033</Language>
          </Languages>
        </ImportExportXml>
        """

    static func package() throws -> SolutionPackage {
        let manifest = """
            <ImportExportXml><SolutionManifest><UniqueName>Sales</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed>\
            <Publisher><UniqueName>contoso</UniqueName><CustomizationPrefix>contoso</CustomizationPrefix></Publisher>\
            </SolutionManifest></ImportExportXml>
            """
        let files = [
            "customizations.xml": customizations, "solution.xml": manifest,
            "WebResources/contoso_scriptsformjsAAAA": "f()",
            "Controls/contoso_Control/ControlManifest.xml": "<manifest/>", "Controls/contoso_Control/bundle.js": "c()",
            "PluginAssemblies/Sales-BBBB/Sales.dll": "MZ", "CanvasApps/contoso_canvas_1_DocumentUri.msapp": "PK",
            "CanvasApps/contoso_canvas_1_AdditionalUris0_identity.json": "{}", "Reports/r.rdl": "<r/>",
        ]
        let entries = files.map { ZipEntry(name: $0.key, bytes: Array($0.value.utf8)) }
        return try SolutionPackage(bytes: ZipWriter.archive(entries), file: "sales.zip")
    }

    @Test func everyKindGoesToItsFilesAndComesBack() throws {
        let unpacked = try SolutionUnpacker().unpack(Self.package())
        #expect(unpacked.normalized == [])
        #expect(unpacked.kept == ["Reports"])
        #expect(
            unpacked.files.map(\.name) == [
                "AppModuleSiteMaps/contoso_App/AppModuleSiteMap.xml", "AppModules/contoso_App/AppModule.xml",
                "CanvasApps/contoso_canvas_1.meta.xml", "CanvasApps/contoso_canvas_1_AdditionalUris0_identity.json",
                "CanvasApps/contoso_canvas_1_DocumentUri.msapp", "Controls/contoso_Control/ControlManifest.xml",
                "Controls/contoso_Control/ControlManifest.xml.data.xml", "Controls/contoso_Control/bundle.js",
                "OptionSets/contoso_status.xml", "Other/Customizations.xml", "Other/Relationships.xml",
                "Other/Relationships/contoso_A.xml", "Other/Solution.xml", "PluginAssemblies/Sales-BBBB/Sales.dll",
                "PluginAssemblies/Sales-BBBB/Sales.dll.data.xml", "Reports/r.rdl", "Roles/Sales reader.xml",
                "WebResources/contoso_/scripts/form.js", "WebResources/contoso_/scripts/form.js.data.xml",
            ])
    }

    @Test func aListedRelationshipNeedsItsDefinition() throws {
        let files = try SolutionUnpacker().unpack(Self.package()).files
        let without = files.filter { $0.name != "Other/Relationships/contoso_A.xml" }
        let missing = #expect(throws: Rejected.self) {
            try SolutionPacker().pack(SolutionFolder(files: without, name: "sales"))
        }
        #expect(missing?.diagnostics.map(\.message) == ["no file in 'Other/Relationships' defines 'contoso_a_b'"])
    }

    /// Names that differ only in case would be one file on some machines: such a section stays whole or is refused.
    @Test func componentsWithOneNameAreRefused() throws {
        var entries = try Self.package().entries
        let index = try #require(entries.firstIndex { $0.name == "customizations.xml" })
        let text = String(decoding: entries[index].bytes, as: UTF8.self)
        entries[index].bytes = Array(
            text.replacing("  </Roles>", with: "  <Role id=\"{2}\" name=\"sales READER\" />\n  </Roles>").utf8)
        let rejected = #expect(throws: Rejected.self) {
            try SolutionUnpacker().unpack(SolutionPackage(bytes: ZipWriter.archive(entries), file: "x.zip"))
        }
        #expect(rejected?.diagnostics.map(\.code) == ["solution/duplicate-file"])
    }
}
