import Documents
import Foundation
import Testing
import Zip

@testable import Solutions

@Suite struct SolutionUnpackerTests {
    @Test func unpackingIsTheInverseOfPacking() throws {
        let solution = SolutionDouble()
        let unpacked = try SolutionUnpacker().unpack(solution.pack().package)
        #expect(unpacked.normalized == [])
        #expect(unpacked.kept == [])
        #expect(unpacked.files.map(\.name) == solution.files.keys.sorted())
        for file in unpacked.files {
            let text = String(decoding: file.bytes, as: UTF8.self).replacing("\u{FEFF}", with: "")
            #expect(text == solution.files[file.name], "\(file.name)")
        }
    }

    /// One folder for both forms packs into either, and keeps the forms that differ beside each other.
    @Test(.enabled(if: Samples.isPresent, "sample data beside the checkout is missing"))
    func aPairOfPackagesBecomesOneFolder() throws {
        let plain = try Samples.package("tf__TerraformSolutionExample_1_0_0_1")
        let managed = try Samples.package("tf__TerraformSolutionExample_1_0_0_1_managed")
        let unpacked = try SolutionUnpacker().unpack(plain, managed: managed)
        #expect(unpacked.normalized == ["customizations.xml"])
        let forms = unpacked.files.map(\.name).filter { $0.hasSuffix("_managed.xml") }
        #expect(!forms.isEmpty)
        #expect(forms.allSatisfy { $0.hasPrefix("Entities/terr_Terraform/") })
        let folder = try SolutionFolder(files: unpacked.files, name: "pair")
        for (type, golden) in [(PackageType.unmanaged, plain), (.managed, managed)] {
            let packed = try SolutionPacker(type: type).pack(folder).package
            let differences = ContentComparison.differences(golden.entries, packed.entries)
            #expect(differences == [.init(name: "customizations.xml", kind: .normalized)])
        }
        for (first, second) in [
            (managed, plain), (plain, plain),
            (plain, try Samples.package("tf__TerraformTestCustomConnector_1_0_0_1_managed")),
        ] {
            let rejected = #expect(throws: Rejected.self) { try SolutionUnpacker().unpack(first, managed: second) }
            #expect(rejected?.diagnostics.map(\.code) == ["solution/pair"])
        }
    }

    /// Whatever happens to the bytes of the two main files, the end is a folder or a refusal.
    @Test func damageNeverCrashes() throws {
        let entries = try SolutionDouble().pack().package.entries
        var random = SeededGenerator(state: 20_261_121)
        for _ in 0..<300 {
            var damaged = entries
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let file = Int.random(in: 0...1, using: &random)
                let at = Int.random(in: 0..<damaged[file].bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: damaged[file].bytes[at] = "<>/&\"' \n=a".utf8.randomElement(using: &random) ?? 0
                case 1: damaged[file].bytes.remove(at: at)
                case 2: damaged[file].bytes.removeSubrange(at..<min(at + 40, damaged[file].bytes.count))
                default: damaged[file].bytes.insert(contentsOf: Array("<FormXml/>".utf8), at: at)
                }
            }
            do {
                let package = try SolutionPackage(bytes: ZipWriter.archive(damaged), file: "x.zip")
                _ = try SolutionUnpacker().unpack(package)
            } catch let rejected as Rejected {
                #expect(!rejected.diagnostics.isEmpty)
            }
        }
    }

    /// Components that almrun spreads over no files stay where they are, byte for byte.
    @Test func unknownSectionsStay() throws {
        var solution = SolutionDouble()
        solution.replace(
            "  <Workflows />", with: "  <Workflows />\n  <Templates>\n    <EMailTemplate id='1'/>\n  </Templates>",
            in: "Other/Customizations.xml")
        let package = try solution.pack().package
        let unpacked = try SolutionUnpacker().unpack(package)
        #expect(unpacked.kept == ["Templates"])
        #expect(unpacked.normalized == [])
    }

    /// A comment between components has no file to go to: its section stays whole.
    @Test(arguments: ["<!-- keep me -->", "text"])
    func whatStandsBetweenComponentsIsNotLost(_ text: String) throws {
        var entries = try SolutionDouble().pack().package.entries
        let customizations = String(decoding: entries[0].bytes, as: UTF8.self)
        entries[0].bytes = Array(customizations.replacing("</Workflow>", with: "</Workflow>\(text)").utf8)
        let unpacked = try SolutionUnpacker().unpack(SolutionPackage(bytes: ZipWriter.archive(entries), file: "x.zip"))
        #expect(unpacked.kept == ["Workflows"])
        #expect(unpacked.normalized == [])
        let kept = unpacked.files.first { $0.name == "Other/Customizations.xml" }
        #expect(kept.map { String(decoding: $0.bytes, as: UTF8.self).contains(text) } == true)
    }

    /// A package on one line unpacks, and comes back with the same meaning.
    @Test func otherSpacingIsNormalized() throws {
        var package = try SolutionDouble().pack().package.entries
        let text = String(decoding: package[0].bytes, as: UTF8.self).replacing(/\n */, with: "")
        package[0].bytes = Array(text.utf8)
        let unpacked = try SolutionUnpacker().unpack(SolutionPackage(bytes: ZipWriter.archive(package), file: "x.zip"))
        #expect(unpacked.normalized == ["customizations.xml"])
    }

    /// What would not come back is refused by name: here a file of a connector that no connector has.
    @Test func refusesAPackageThatWouldNotComeBack() throws {
        let package = try SolutionDouble().pack().package
        let entries = package.entries + [ZipEntry(name: "Connector/stray.json", bytes: [1])]
        let rejected = #expect(throws: Rejected.self) {
            try SolutionUnpacker().unpack(SolutionPackage(bytes: ZipWriter.archive(entries), file: "x.zip"))
        }
        #expect(
            rejected?.diagnostics.map(\.message) == [
                "entry 'Connector/stray.json' of 'x.zip' belongs to no component of the solution"
            ])
    }

    /// Names inside the XML become paths: one that would leave the folder is not taken apart.
    @Test(arguments: ["../../evil", "/etc/evil", "a\\b", "c:evil"])
    func namesInXMLDoNotLeadOut(_ name: String) throws {
        var entries = try SolutionDouble().pack().package.entries
        entries[0].bytes = Array(
            String(decoding: entries[0].bytes, as: UTF8.self).replacing("<name>contoso_sales<", with: "<name>\(name)<")
                .utf8)
        let package = try SolutionPackage(bytes: ZipWriter.archive(entries), file: "x.zip")
        do {
            let unpacked = try SolutionUnpacker().unpack(package)
            #expect(unpacked.kept == ["Connectors"])
            #expect(unpacked.files.allSatisfy { !$0.name.contains("evil") })
        } catch {
            #expect(error.diagnostics.allSatisfy { $0.code.hasPrefix("solution/") })
        }
    }

    @Test(arguments: ["", "x", "<html>", "PK"])
    func whatIsNoPackageIsRefused(_ text: String) {
        let rejected = #expect(throws: Rejected.self) { try SolutionPackage(bytes: Array(text.utf8), file: "x.zip") }
        #expect(rejected?.diagnostics.map(\.code) == ["zip/damaged"])
    }

    @Test func aZipWithoutASolutionIsRefused() throws {
        let archive = try ZipWriter.archive([ZipEntry(name: "a.txt", bytes: [1])])
        let rejected = #expect(throws: Rejected.self) { try SolutionPackage(bytes: archive, file: "x.zip") }
        #expect(rejected?.diagnostics.map(\.code) == ["solution/not-a-package"])
    }

    @Test func anEntryOfNoComponentIsNamedAsAnEntryOfTheZip() throws {
        let entries = try SolutionDouble().pack().package.entries + [ZipEntry(name: "extra/unknown.txt", bytes: [1])]
        let package = try SolutionPackage(bytes: ZipWriter.archive(entries), file: "x.zip")
        let rejected = #expect(throws: Rejected.self) { try SolutionUnpacker().unpack(package) }
        let problem = rejected?.diagnostics.first
        #expect(rejected?.diagnostics.map(\.code) == ["solution/unused-file"])
        #expect(problem?.message == "entry 'extra/unknown.txt' of 'x.zip' belongs to no component of the solution")
        #expect(problem?.location == nil)
        #expect(problem?.help == "remove it from the zip, or export the solution again")
    }

    @Test func contentDigestDoesNotDependOnTheArchive() throws {
        let package = try SolutionDouble().pack().package
        let other = try SolutionPackage(
            bytes: ZipWriter.archive(package.entries.reversed(), order: .asGiven), file: "x.zip")
        #expect(other.digest != package.digest)
        #expect(other.contentDigest == package.contentDigest)
    }

    @Test func foldersAreWholeOrAbsent() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "almrun-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let files = SolutionDouble().entries
        try FolderWriter.write(files, to: scratch + "/a")
        let full = #expect(throws: Rejected.self) { try FolderWriter.write(files, to: scratch + "/a") }
        #expect(full?.diagnostics.map(\.code) == ["folder/not-empty"])
        try Data().write(to: URL(filePath: scratch + "/a/Other/notes.txt"))
        let gone = try FolderWriter.write(Array(files.dropLast()), to: scratch + "/a/", replacing: true)
        #expect(gone == [files.last?.name ?? "", "Other/notes.txt"].sorted())
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: scratch + "/a").count { $0.contains(".") } == files
                .count - 1)
        try FileManager.default.createDirectory(atPath: scratch + "/b", withIntermediateDirectories: true)
        try FolderWriter.write(files, to: scratch + "/b")
        try FolderWriter.write(files, to: scratch + "/b/deep/er")
        try Data().write(to: URL(filePath: scratch + "/file"))
        #expect(throws: Rejected.self) { try FolderWriter.write(files, to: scratch + "/file", replacing: true) }
        #expect(throws: Rejected.self) { try FolderWriter.write(files, to: scratch, replacing: true) }
        #expect(throws: ZipError.self) {
            try FolderWriter.write(
                [ZipEntry(name: "x", bytes: []), ZipEntry(name: "x/y", bytes: [])], to: scratch + "/c")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch).sorted() == ["a", "b", "file"])
    }
}
