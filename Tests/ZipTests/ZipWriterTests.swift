import Foundation
import Testing
import Zip

@Suite struct ZipWriterTests {
    let entries = [
        ZipEntry(name: "b.json", bytes: Array(String(repeating: "{} ", count: 900).utf8)),
        ZipEntry(name: "a/å.xml", bytes: [0, 255, 10]),
        ZipEntry(name: "empty", bytes: []),
    ]

    @Test func whatIsWrittenIsReadBack() throws {
        let archive = try ZipWriter.archive(entries)
        #expect(try ZipArchive.entries(of: archive) == [entries[1], entries[0], entries[2]])
    }

    @Test func theOrderOfEntriesDoesNotChangeTheBytes() throws {
        let archive = try ZipWriter.archive(entries)
        #expect(try ZipWriter.archive(entries.reversed()) == archive)
        #expect(try ZipWriter.archive(entries, order: .asGiven) != archive)
    }

    @Test func timesAndModesAreFixed() throws {
        let archive = try ZipWriter.archive([ZipEntry(name: "a", bytes: [1])])
        #expect(Array(archive[10..<14]) == [0, 0, 0x21, 0x58])
    }

    @Test(arguments: ["../x", "/x", "a\\b", "a/", ""])
    func refusesNamesThatCannotBeFiles(_ name: String) {
        #expect(throws: ZipError.self) { try ZipWriter.archive([ZipEntry(name: name, bytes: [])]) }
    }

    @Test func refusesDuplicatesAndNothing() {
        let twice = [ZipEntry(name: "a", bytes: []), ZipEntry(name: "A", bytes: [])]
        #expect(#expect(throws: ZipError.self) { try ZipWriter.archive(twice) }?.kind == .duplicateName)
        #expect(#expect(throws: ZipError.self) { try ZipWriter.archive([]) }?.kind == .empty)
    }

    @Test func aFileIsWholeOrAbsent() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "almrun-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "x.zip").path
        try ZipWriter.write(entries, to: path)
        try ZipWriter.write(entries, to: path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.zip"])
        #expect(try WholeFile.read(path) == ZipWriter.archive(entries))
        #expect(throws: ZipError.self) { try ZipWriter.write(entries, to: folder.path + "/missing/x.zip") }
        let block = folder.appending(path: "folder")
        try FileManager.default.createDirectory(at: block.appending(path: "y"), withIntermediateDirectories: true)
        #expect(throws: ZipError.self) { try ZipWriter.write(entries, to: block.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["folder", "x.zip"])
    }
}
