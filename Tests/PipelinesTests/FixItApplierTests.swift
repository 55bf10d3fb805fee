import Documents
import Foundation
import Pipelines
import TestSupport
import Testing

@Suite struct FixItApplierTests {
    @Test func filesAreWritten() throws {
        let folder = URL.temporaryDirectory.appending(path: "fix-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "pipelines"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "pipelines/p.yaml")
        try "stages:\n  a: { use: noop }\n  b: { uses: nop, need: [a] }\n".write(
            to: file, atomically: true, encoding: .utf8)
        let check = ManifestCheck(root: folder.path, stages: FakeStages.all)
        var found = check.run()
        let result = try FixItApplier(root: folder.path).apply(found)
        #expect(result.files == ["pipelines/p.yaml"])
        #expect(result.applied == 3)
        found = check.run()
        #expect(found.map(\.description) == [])
        #expect(
            try String(contentsOf: file, encoding: .utf8)
                == "stages:\n  a: { uses: noop }\n  b: { uses: noop, needs: [a] }\n")
        #expect(try FixItApplier(root: folder.path).apply(found).applied == 0)
    }

    @Test func aFileThatChangedIsLeftAlone() throws {
        let folder = URL.temporaryDirectory.appending(path: "fix-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "pipelines"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "pipelines/p.yaml")
        try "stages: { a: { use: noop } }".write(to: file, atomically: true, encoding: .utf8)
        let found = ManifestCheck(root: folder.path, stages: FakeStages.all).run()
        try "stages: { other: { use: noop } }".write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: Rejected.self) { try FixItApplier(root: folder.path).apply(found) }
        #expect(try String(contentsOf: file, encoding: .utf8) == "stages: { other: { use: noop } }")
    }
}
