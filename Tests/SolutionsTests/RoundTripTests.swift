import Documents
import Testing
import Zip

@testable import Solutions

@Suite(.enabled(if: Samples.isPresent, "sample data beside the checkout is missing")) struct RoundTripTests {
    /// The views of a table come out of the server in an order that no folder keeps.
    static let reordered: Set<String> = [
        "tf__TerraformSolutionExample_1_0_0_1", "tf__TerraformSolutionExample_1_0_0_1_managed",
        "tf__TerraformTestSolution_Complex_1_1_0_0",
    ]

    @Test(arguments: Samples.packed)
    func unpacksAndPacksAgain(_ name: String) throws {
        let package = try Samples.package(name)
        let unpacked = try SolutionUnpacker().unpack(package)
        #expect(unpacked.normalized == (Self.reordered.contains(name) ? ["customizations.xml"] : []))
        #expect(unpacked.kept == [])
        let folder = try SolutionFolder(files: unpacked.files, name: name)
        var packer = SolutionPacker(type: package.isManaged ? .managed : .unmanaged)
        packer.checksConsistency = false
        let again = try packer.pack(folder).package
        #expect(Set(again.entries.map(\.name)) == Set(package.entries.map(\.name)))
        for entry in again.entries where !unpacked.normalized.contains(entry.name) {
            #expect(package.entries.first { $0.name == entry.name }?.bytes == entry.bytes, "\(entry.name)")
        }
        if unpacked.normalized.isEmpty { #expect(again.contentDigest == package.contentDigest) }
    }

    /// What `pac solution pack` made of the same folder is what we make of it, up to line ends.
    @Test(arguments: Samples.unpacked.filter { Samples.packed.contains($0) })
    func packsWhatPacPacked(_ name: String) throws {
        let golden = try Samples.package(name)
        let packed = try SolutionPacker(type: golden.isManaged ? .managed : .unmanaged).pack(
            Samples.unpackedFolder(name)
        ).package
        #expect(packed.entries.map(\.name) == golden.entries.map(\.name))
        for (ours, theirs) in zip(packed.entries, golden.entries) {
            if Samples.isText(ours.name) {
                let same = Samples.withoutCarriageReturns(ours.bytes) == Samples.withoutCarriageReturns(theirs.bytes)
                #expect(same, "\(ours.name)")
            } else {
                #expect(ours.bytes == theirs.bytes, "\(ours.name)")
            }
        }
    }

    @Test(arguments: Samples.unpacked.filter { $0 != "powercat__BusinessApprovalKit-trimmed" })
    func everyUnpackedSamplePacks(_ name: String) throws {
        let packed = try SolutionPacker().pack(Samples.unpackedFolder(name))
        #expect(packed.diagnostics.allSatisfy { $0.severity < .error })
        #expect(!packed.package.isManaged)
    }

    /// The script of its connector was trimmed away: the missing file is named, and with it the folder packs.
    @Test func namesTheFileThatWasTrimmedAway() throws {
        let folder = try Samples.unpackedFolder("powercat__BusinessApprovalKit-trimmed")
        let rejected = #expect(throws: Rejected.self) { try SolutionPacker().pack(folder) }
        #expect(rejected?.diagnostics.map(\.code) == ["solution/missing-file"])
        let script = "Connectors/cat_approvals-20kit_customcodeblobcontent.csx"
        #expect(rejected?.diagnostics.first?.message == "there is no file '\(script)'")
        let files =
            folder.files.map { ZipEntry(name: $0.key, bytes: $0.value.bytes) } + [ZipEntry(name: script, bytes: [0x2F])]
        let packed = try SolutionPacker(version: SolutionVersion(3, 1, 0, 4)).pack(
            SolutionFolder(files: files, name: "kit"))
        #expect(packed.package.version.description == "3.1.0.4")
        let codes = Set(packed.diagnostics.map(\.code))
        #expect(codes.contains("solution/packaged-value"))
    }
}
