import Engine
import Foundation
import TestSupport
import Testing

@testable import RunStorage

/// What writers that died leave in the store, the environments and the repository.
@Suite struct LeftoverTests {
    private let folder: TemporaryFolder
    private let objects: ObjectStore

    init() throws {
        folder = try TemporaryFolder()
        objects = ObjectStore(folder: folder.path("objects/sha256"))
    }

    private func age(_ path: String) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -7200)], ofItemAtPath: path)
    }

    /// The names of every writer, by what is there and by how they are made.
    @Test func whatWritersLeaveBehindIsFound() async throws {
        _ = try SQLiteRunStore(folder: folder.path)
        let digest = String(repeating: "ab", count: 32)
        let left = [
            "objects/sha256/ab/\(digest).almrun-tmp-Xy12Zw", "envs/prod/packages/\(digest).zip.partial",
            "envs/prod/environment.json.partial", "envs/prod/receipts/7.json.partial",
            "repo/dist/demo.zip.almrun-tmp-abcdef",
            "repo/report.xml.almrun-tmp-000000", "reports/junit.xml.almrun-tmp-ABCDEF",
        ]
        let kept = [
            "repo/settings.json.backup", "repo/notes.partial", "repo/demo.almrun-tmp-1234567",
            "repo/store.almrun-backup/runs.sqlite", "repo/.almrun-tmp-abcdef",
            "repo/.git/x.almrun-tmp-abcdef", "envs/prod/environment.json", "envs/prod/receipts/7.json",
            "repo/src/demo.almrun-tmp-abcdeg.old/Solution.xml",
        ]
        let repository = try TemporaryFolder()
        func path(_ name: String) -> String {
            name.hasPrefix("repo/") ? repository.path(String(name.dropFirst(5))) : folder.path(name)
        }
        func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
        for name in left + kept + ["repo/src/demo.almrun-tmp-abcdef/Other/Solution.xml"] {
            let file = URL(filePath: path(name))
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("half".utf8).write(to: file)
            try age(file.path)
        }
        for name in ["repo/src/demo.almrun-tmp-abcdef", "repo/src/demo.almrun-tmp-abcdeg.old"] { try age(path(name)) }
        try folder.write("half", to: "envs/prod/young.json.partial")
        func examine(_ repairing: Bool) async -> [Diagnosis] {
            await StoreExamination(
                folder: folder.path, objects: objects, folders: [folder.path("envs/prod")], root: repository.path,
                person: "a"
            ).examine(repairing: repairing).found.filter { $0.check == "temporary files" }
        }
        let found = await examine(false)
        #expect(Set(found[0].details) == Set((left + ["repo/src/demo.almrun-tmp-abcdef"]).map(path)))
        #expect(found.count == 2 && found[1].verdict == .problem && found[1].repair == nil)
        let aside = path("repo/src/demo.almrun-tmp-abcdeg.old")
        #expect(found[1].command == "mv '\(aside)' '\(path("repo/src/demo"))'")
        #expect(await examine(true).first?.verdict == .repaired)
        #expect(left.allSatisfy { !isThere($0) } && !isThere("repo/src/demo.almrun-tmp-abcdef"))
        #expect((kept + ["envs/prod/young.json.partial"]).allSatisfy(isThere))
        #expect(await examine(true).first?.verdict == .note)
    }
}
