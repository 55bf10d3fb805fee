import Zip

@testable import Solutions

/// A small unpacked solution whose files a test changes.
struct SolutionDouble {
    static let flow = "4e1b7a92-0c5d-4f68-b3a1-9d7c26e805fb"
    static let connector = "7d2f0c7e-5b1a-4c36-9f0e-2a6f4b8d1c53"
    static let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
    static let flowFile = "Workflows/Nightly-4E1B7A92-0C5D-4F68-B3A1-9D7C26E805FB.json"

    var files: [String: String]

    init(managed: Int = 0) {
        files = [
            "Other/Solution.xml": """
            <?xml version="1.0" encoding="utf-8"?>
            <ImportExportXml version="9.2" \(Self.xsi)>
              <SolutionManifest>
                <UniqueName>Sales</UniqueName>
                <LocalizedNames>
                  <LocalizedName description="Sales" languagecode="1033" />
                </LocalizedNames>
                <Version>1.0.0.0</Version>
                <Managed>\(managed)</Managed>
                <Publisher>
                  <UniqueName>contoso</UniqueName>
                  <CustomizationPrefix>contoso</CustomizationPrefix>
                </Publisher>
                <RootComponents>
                  <RootComponent type="29" id="{\(Self.flow)}" behavior="0" />
                  <RootComponent type="372" id="{\(Self.connector)}" schemaName="contoso_sales" behavior="0" />
                </RootComponents>
                <MissingDependencies />
              </SolutionManifest>
            </ImportExportXml>
            """,
            "Other/Customizations.xml": """
            <?xml version="1.0" encoding="utf-8"?>
            <ImportExportXml \(Self.xsi)>
              <Entities />
              <Workflows />
              <Connectors />
              <connectionreferences>
                <connectionreference connectionreferencelogicalname="contoso_ref">
                  <connectorid>/providers/Microsoft.PowerApps/apis/shared_contoso-5fsales-5f0123456789abcdef</connectorid>
                  <customconnectorid>
                    <connectorid>\(Self.connector)</connectorid>
                  </customconnectorid>
                </connectionreference>
                <connectionreference connectionreferencelogicalname="contoso_teams">
                  <connectorid>/providers/Microsoft.PowerApps/apis/shared_teams</connectorid>
                </connectionreference>
              </connectionreferences>
              <Languages>
                <Language>1033</Language>
              </Languages>
            </ImportExportXml>
            """,
            "Connectors/contoso_sales.xml": """
            <?xml version="1.0" encoding="utf-8"?>
            <Connector \(Self.xsi)>
              <connectorid>\(Self.connector)</connectorid>
              <displayname>Sales</displayname>
              <name>contoso_sales</name>
              <openapidefinition>/Connector/contoso_sales_openapidefinition.json</openapidefinition>
            </Connector>
            """,
            "Connectors/contoso_sales_openapidefinition.json":
                "{\"swagger\": \"2.0\", \"paths\": {\"/a\": {\"get\": {\"operationId\": \"ListInvoices\"}}}}",
            Self.flowFile + ".data.xml": """
            <?xml version="1.0" encoding="utf-8"?>
            <Workflow WorkflowId="{\(Self.flow)}" Name="Nightly" \(Self.xsi)>
              <JsonFileName>/\(Self.flowFile)</JsonFileName>
              <Category>5</Category>
              <StateCode>1</StateCode>
            </Workflow>
            """,
            Self.flowFile: """
            {"properties": {
              "connectionReferences": {"s": {"connection": {"connectionReferenceLogicalName": "contoso_ref"}, "api": {"name": "shared_x"}}},
              "definition": {
                "parameters": {"Url (contoso_Url)": {"metadata": {"schemaName": "contoso_Url"}}},
                "actions": {"List": {"inputs": {"host": {"connectionName": "s", "operationId": "ListInvoices"}}}}
              }
            }}
            """,
            "environmentvariabledefinitions/contoso_Url/environmentvariabledefinition.xml": """
            <environmentvariabledefinition schemaname="contoso_Url">
              <defaultvalue>https://api.example.com</defaultvalue>
              <type>100000000</type>
            </environmentvariabledefinition>
            """,
        ]
    }

    /// Adds an environment variable.
    mutating func add(variable name: String, type: Int = 100_000_000, default value: String? = nil) {
        files["environmentvariabledefinitions/\(name)/environmentvariabledefinition.xml"] =
            "<environmentvariabledefinition schemaname=\"\(name)\">"
            + (value.map { "<defaultvalue>\($0)</defaultvalue>" } ?? "")
            + "<type>\(type)</type></environmentvariabledefinition>"
    }

    /// Puts other text into one file.
    mutating func replace(_ text: String, with other: String, in file: String) {
        files[file] = files[file]?.replacing(text, with: other)
    }

    var entries: [ZipEntry] { files.map { ZipEntry(name: $0.key, bytes: Array($0.value.utf8)) } }

    func folder() throws -> SolutionFolder { try SolutionFolder(files: entries, name: "solution") }

    func pack(_ type: PackageType = .unmanaged, version: SolutionVersion? = nil) throws -> SolutionPacker.Packed {
        try SolutionPacker(type: type, version: version).pack(folder())
    }
}
