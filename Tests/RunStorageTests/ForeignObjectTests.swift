import Engine
import Foundation
import TestSupport
import Testing

@testable import RunStorage

/// What others put into the folder of the objects is named, and stays.
@Suite struct ForeignObjectTests {
    private let folder: TemporaryFolder
    private let objects: ObjectStore

    init() throws {
        folder = try TemporaryFolder()
        objects = ObjectStore(folder: folder.path("objects/sha256"))
        _ = try SQLiteRunStore(folder: folder.path)
    }

    private func examine(repairing: Bool = false) async -> [Diagnosis] {
        await StoreExamination(folder: folder.path, objects: objects, person: "ann@contoso.com")
            .examine(repairing: repairing).found
    }

    private func write(_ path: String, age: Double = 7200) throws {
        let file = URL(filePath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("x".utf8).write(to: file)
        try FileManager.default.setAttributes(
            [.modificationDate: Date().addingTimeInterval(-age)], ofItemAtPath: path)
    }

    @Test func everyForeignThingIsNamedAndStays() async throws {
        let digest = try objects.put(Data("content".utf8))
        let store = objects.folder
        let other = String(repeating: "a", count: 64)
        var files = [
            "\(store)/notes.txt", "\(store)/ab/README", "\(store)/zz/\(other)", "\(folder.path)/objects/list.csv",
        ]
        for path in files { try write(path) }
        // Not a folder of ours, in which there may be anything.
        try write("\(store)/\(digest.prefix(2))/deep/er")
        files.append("\(store)/\(digest.prefix(2))/deep")
        let link = "\(store)/\(other.prefix(2))/\(other)"
        try FileManager.default.createDirectory(
            atPath: "\(store)/\(other.prefix(2))", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: objects.path(of: digest))
        files.append(link)
        for repairing in [false, true] {
            let found = await examine(repairing: repairing)
            let notes = found.filter { $0.check == "objects" && $0.verdict == .note }
            let note = try #require(notes.first, "\(found)")
            #expect(notes.count == 1 && note.repair == nil)
            #expect(note.message == "6 things in the object store are no objects; they stay, and nothing reads them")
            for file in files { #expect(note.details.contains { $0.hasPrefix(file) }, "\(file): \(note.details)") }
            #expect(note.details.contains("\(store)/zz/\(other): called like the object '\(objects.path(of: other))'"))
            #expect(note.details.contains("\(link): called like an object, and no plain file"))
            #expect(!found.contains { $0.check == "temporary files" && $0.verdict != .ok }, "\(found)")
            for file in files { #expect((try? FileManager.default.attributesOfItem(atPath: file)) != nil, "\(file)") }
        }
    }

    /// What our own writers left is removed wherever it lies; a name that is anybody's is not.
    @Test func leftoversOfOurOwnAreRemovedBesideThem() async throws {
        let ours = ["\(objects.folder)/ab/x.almrun-tmp-a1B2c3", "\(objects.folder)/y.almrun-tmp-a1B2c3"]
        for path in ours { try write(path) }
        try write("\(objects.folder)/mine.tmp")
        #expect(await examine().first { $0.check == "temporary files" }?.details == ours)
        let found = await examine(repairing: true)
        #expect(found.first { $0.check == "temporary files" }?.verdict == .repaired)
        for path in ours { #expect(!FileManager.default.fileExists(atPath: path)) }
        #expect(FileManager.default.fileExists(atPath: "\(objects.folder)/mine.tmp"))
        #expect(
            found.contains { $0.message == "1 thing in the object store is no object; it stays, and nothing reads it" })
    }
}
