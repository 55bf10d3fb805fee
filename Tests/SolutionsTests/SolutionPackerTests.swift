import Documents
import Foundation
import Testing
import Zip

@testable import Solutions

@Suite struct SolutionPackerTests {
    @Test func packsAllPartsWhereTheyBelong() throws {
        let packed = try SolutionDouble().pack()
        #expect(packed.diagnostics == [])
        #expect(
            packed.package.entries.map(\.name) == [
                "customizations.xml", "solution.xml", SolutionDouble.flowFile,
                "Connector/contoso_sales_openapidefinition.json",
                "environmentvariabledefinitions/contoso_Url/environmentvariabledefinition.xml", "[Content_Types].xml",
            ])
        let customizations = String(decoding: packed.package.entries[0].bytes, as: UTF8.self)
        #expect(
            customizations.contains(
                """
                  <Connectors>
                    <Connector>
                      <connectorid>\(SolutionDouble.connector)</connectorid>
                """))
        #expect(!customizations.contains("<Connector xmlns:xsi"))
        #expect(packed.package.workflows.first?.operations.map(\.operationID) == ["ListInvoices"])
        #expect(packed.package.connectors.first?.operationIDs == ["ListInvoices"])
    }

    /// Nothing but the content decides about the bytes: not the order of files, their times, or how folders are spelled.
    @Test func theSameSourceGivesTheSameBytes() throws {
        let files = SolutionDouble().entries
        let first = try SolutionPacker().pack(SolutionFolder(files: files, name: "a")).package
        let scratch = FileManager.default.temporaryDirectory.appending(path: "almrun-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        for (number, order) in [files, files.reversed()].enumerated() {
            let folder = scratch.appending(path: "\(number)/src")
            for file in order {
                let path = folder.appending(
                    path: number == 0 ? file.name : file.name.replacing("Other/", with: "other/"))
                try FileManager.default.createDirectory(
                    at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.bytes).write(to: path)
                let time = Date(timeIntervalSince1970: Double(number + 1) * 1e8)
                try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path.path)
            }
            let again = try SolutionPacker().pack(SolutionFolder(path: scratch.appending(path: "\(number)").path))
                .package
            #expect(again.bytes == first.bytes)
            #expect(again.digest == first.digest)
        }
    }

    @Test func writesVersionAndFormInPlace() throws {
        let packed = try SolutionDouble(managed: 2).pack(.managed, version: SolutionVersion("2.5.1")).package
        let manifest = String(decoding: packed.entries[1].bytes, as: UTF8.self)
        let source = SolutionDouble(managed: 2).files["Other/Solution.xml"] ?? ""
        #expect(
            manifest
                == source.replacing("<Version>1.0.0.0<", with: "<Version>2.5.1.0<").replacing(
                    "<Managed>2<", with: "<Managed>1<"))
        #expect(packed.isManaged)
        #expect(packed.version == SolutionVersion(2, 5, 1, 0))
    }

    /// A change that a test makes to a good solution, and the codes of what is then found.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var codes: [String]
        var message: String
        var change: @Sendable (inout SolutionDouble) -> Void
        init(
            _ what: String, _ codes: [String], _ message: String,
            _ change: @escaping @Sendable (inout SolutionDouble) -> Void
        ) {
            (testDescription, self.codes, self.message, self.change) = (what, codes, message, change)
        }
    }

    @Test(arguments: [
        Case("stray file", ["solution/unused-file"], "'README.md' would not get into the package") {
            $0.files["README.md"] = "x"
        },
        Case("stray file beside flows", ["solution/unused-file"], "'Workflows/old.json' would not get into the package")
        {
            $0.files["Workflows/old.json"] = "{}"
        },
        Case("stray icon", ["solution/unused-file"], "'Connectors/other.png' would not get into the package") {
            $0.files["Connectors/other.png"] = "x"
        },
        Case("unknown folder", ["solution/unused-file"], "'notes/a/b.txt' would not get into the package") {
            $0.files["notes/a/b.txt"] = "x"
        },
        Case(
            "unsupported folder", ["solution/unsupported"],
            "almrun cannot pack 'Dashboards/d.xml': it does not know how 'Dashboards' is assembled"
        ) { $0.files["Dashboards/d.xml"] = "<x/>" },
        Case(
            "missing definition", ["solution/missing-file"],
            "there is no file 'Connectors/contoso_sales_openapidefinition.json'"
        ) { $0.files["Connectors/contoso_sales_openapidefinition.json"] = nil },
        Case("missing flow definition", ["solution/missing-file"], "there is no file '\(SolutionDouble.flowFile)'") {
            $0.files[SolutionDouble.flowFile] = nil
        },
        Case(
            "missing connector", ["solution/missing-component"],
            "the solution lists the connector 'contoso_sales', which is not here"
        ) {
            $0.files["Connectors/contoso_sales.xml"] = nil
            $0.files["Connectors/contoso_sales_openapidefinition.json"] = nil
        },
        Case(
            "missing flow", ["solution/missing-component"],
            "the solution lists the flow '\(SolutionDouble.flow)', which is not here"
        ) {
            $0.files[SolutionDouble.flowFile] = nil
            $0.files[SolutionDouble.flowFile + ".data.xml"] = nil
        },
        Case(
            "unknown connection reference", ["solution/unknown-connection-reference"],
            "the flow 'Nightly' uses the connection reference 'contoso_rev', which this solution does not have"
        ) { $0.replace("contoso_ref", with: "contoso_rev", in: SolutionDouble.flowFile) },
        Case(
            "unknown operation", ["solution/unknown-operation"],
            "the flow 'Nightly' calls 'ListInvoicez', which the connector 'contoso_sales' does not have"
        ) { $0.replace("ListInvoices", with: "ListInvoicez", in: SolutionDouble.flowFile) },
        Case("broken XML", ["xml/end-tag"], "'Workflow' ends here, but 'Oops' is open") {
            $0.replace("</Workflow>", with: "<Oops></Workflow>", in: SolutionDouble.flowFile + ".data.xml")
        },
        Case("other element", ["solution/component"], "'Connector' was expected here, and this is 'Workflow'") {
            $0.files["Connectors/x.xml"] = "<Workflow />"
        },
        Case(
            "section that is not there", ["solution/section"],
            "there are files for the section 'Workflows', which is not here"
        ) {
            $0.replace("  <Workflows />\n", with: "", in: "Other/Customizations.xml")
        },
        Case("no version", ["solution/manifest"], "'Version' is missing or empty") {
            $0.replace("<Version>1.0.0.0</Version>", with: "<Version />", in: "Other/Solution.xml")
        },
        Case("names that differ in case", ["solution/duplicate-file"], "") {
            $0.files["Connectors/Contoso_Sales.xml"] = "<Connector />"
        },
    ])
    func refusesWhatWouldBeLostOrBroken(_ test: Case) {
        var solution = SolutionDouble()
        test.change(&solution)
        let rejected = #expect(throws: Rejected.self) { try solution.pack() }
        let errors = rejected?.diagnostics.filter { $0.severity == .error } ?? []
        #expect(errors.map(\.code) == test.codes)
        if !test.message.isEmpty { #expect(errors.first?.message == test.message) }
        #expect(errors.allSatisfy { $0.location != nil })
    }

    @Test func everythingWrongComesAtOnce() {
        var solution = SolutionDouble()
        solution.files["README.md"] = "x"
        solution.files["Connectors/contoso_sales_openapidefinition.json"] = nil
        solution.replace("<Category>", with: "<Category", in: SolutionDouble.flowFile + ".data.xml")
        let rejected = #expect(throws: Rejected.self) { try solution.pack() }
        let codes = Set(rejected?.diagnostics.map(\.code) ?? [])
        #expect(codes.isSuperset(of: ["solution/unused-file", "solution/missing-file"]))
        #expect(codes.contains { $0.hasPrefix("xml/") })
    }

    @Test(arguments: [".gitkeep", "Connectors/.DS_Store"])
    func filesThatNoToolPacksAreLeftOut(_ name: String) throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "almrun-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        try FolderWriter.write(SolutionDouble().entries + [ZipEntry(name: name, bytes: [])], to: scratch.path)
        let packed = try SolutionPacker().pack(SolutionFolder(path: scratch.path))
        #expect(packed.package.bytes == (try SolutionDouble().pack().package.bytes))
    }

    @Test func newerComponentsAreCopied() throws {
        var solution = SolutionDouble()
        solution.files["customapis/contoso_Do/customapi.xml"] = "<customapi />"
        solution.files["msdyn_things/contoso_Thing/thing.xml"] = "<thing />"
        solution.files["msdyn_things/contoso_Thing/data.bin"] = "\u{0}"
        let names = try solution.pack().package.entries.map(\.name)
        #expect(names.contains("customapis/contoso_Do/customapi.xml"))
        #expect(names.contains("msdyn_things/contoso_Thing/data.bin"))
    }

    @Test func aManagedSourceIsNotPackedUnmanaged() throws {
        let rejected = #expect(throws: Rejected.self) { try SolutionDouble(managed: 1).pack() }
        #expect(rejected?.diagnostics.map(\.code) == ["solution/managed-source"])
        #expect(try SolutionDouble(managed: 1).pack(.managed).package.isManaged)
    }

    @Test func tablesBecomeManagedOnlyFromAnExport() throws {
        var solution = SolutionDouble()
        solution.files["Entities/contoso_Thing/Entity.xml"] =
            "<Entity>\n  <Name>contoso_Thing</Name>\n  <FormXml />\n</Entity>"
        let form = { (label: String) in
            "<forms>\n  <systemform>\n    <formid>{1}</formid>\n    <label>\(label)</label>\n  </systemform>\n</forms>"
        }
        solution.files["Entities/contoso_Thing/FormXml/main/{1}.xml"] = form("plain")
        solution.files["Entities/contoso_Thing/FormXml/main/{1}_managed.xml"] = form("managed")
        let rejected = #expect(throws: Rejected.self) { try solution.pack(.managed) }
        #expect(rejected?.diagnostics.map(\.code) == ["solution/managed-form"])
        let unmanaged = try solution.pack().package
        #expect(String(decoding: unmanaged.entries[0].bytes, as: UTF8.self).contains("<label>plain</label>"))
        solution.replace("<Managed>0<", with: "<Managed>2<", in: "Other/Solution.xml")
        let managed = try solution.pack(.managed).package
        #expect(String(decoding: managed.entries[0].bytes, as: UTF8.self).contains("<label>managed</label>"))
    }

    @Test func warnsOfWhatIsProbablyAMistake() throws {
        var solution = SolutionDouble()
        solution.files["environmentvariabledefinitions/contoso_Url/environmentvariablevalues.json"] =
            "{\"environmentvariablevalues\": {\"environmentvariablevalue\": {\"value\": \"https://dev\"}}}"
        solution.add(variable: "other_X", default: "1")
        solution.replace("contoso_Url\"}", with: "contoso_Gone\"}", in: SolutionDouble.flowFile)
        let packed = try solution.pack()
        #expect(
            Set(packed.diagnostics.map(\.code)) == [
                "solution/packaged-value", "solution/prefix", "solution/unknown-variable",
            ])
        #expect(packed.package.environmentVariables.map(\.packagedValue) == ["https://dev", nil])
    }

    @Test(arguments: ["", "missing", "file"])
    func aFolderThatIsNoSolutionIsRefused(_ kind: String) throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "almrun-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        if kind == "file" { try Data("x".utf8).write(to: scratch.appending(path: "file")) }
        let rejected = #expect(throws: Rejected.self) {
            try SolutionFolder(path: scratch.path + "/" + kind, name: "here")
        }
        #expect(rejected?.diagnostics.map(\.code) == ["solution/not-a-folder"])
    }

    @Test func linksAndTheYAMLLayoutAreRefused() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "almrun-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        try FolderWriter.write(SolutionDouble().entries, to: scratch.path)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/Connectors/passwd", withDestinationPath: "/etc/passwd")
        let linked = #expect(throws: Rejected.self) { try SolutionFolder(path: scratch.path) }
        #expect(linked?.diagnostics.map(\.code) == ["solution/link"])
        let yaml = scratch.path + "-yaml"
        defer { try? FileManager.default.removeItem(atPath: yaml) }
        try FolderWriter.write(
            [ZipEntry(name: "solutions/Sales/solution.yml", bytes: Array("ImportExportXml:\n".utf8))], to: yaml)
        let other = #expect(throws: Rejected.self) { try SolutionFolder(path: yaml) }
        #expect(other?.diagnostics.map(\.code) == ["solution/yaml-layout"])
    }

    @Test(arguments: [
        ("1", "1.0.0.0"), ("v1.2", "1.2.0.0"), ("1.2.3.4", "1.2.3.4"), ("01.2.3", "1.2.3.0"), ("1.2.3.4.5", nil),
        ("", nil), ("1.x", nil),
        ("1.2.0-rc.1", nil), ("1..2", nil), ("99999999999", nil), ("-1.0", nil),
    ])
    func readsVersions(_ text: String, _ expected: String?) { #expect(SolutionVersion(text)?.description == expected) }

    @Test func versionsHaveAnOrder() {
        #expect(SolutionVersion(1, 2, 0, 0) < SolutionVersion(1, 10, 0, 0))
        #expect(SolutionVersion(1, 0, 0, 9) < SolutionVersion(1, 0, 1, 0))
    }

    @Test(arguments: [
        ("1.2", true), ("1.2.0", true), ("v1.2.0.4", true), ("65535.65535.65535.65535", true), ("70000.1.1", false),
        ("1.65536", false), ("1.99999999999999999999", false), ("1", false), ("1.2.3.4.5", false), ("1..2", false),
        ("-1.2", false), ("next", false), ("", false),
    ])
    func versionsToWriteFitThePlatform(_ text: String, _ fits: Bool) {
        #expect((SolutionVersion.problem(with: text) == nil) == fits)
        #expect(!fits || SolutionVersion(text) != nil)
    }
}
