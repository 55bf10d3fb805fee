import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// What the doctor says of environments that tell of unknown runs, of the disk, and of objects nobody needs.
@Suite struct SurroundingsExaminationTests {
    private let folder: TemporaryFolder
    private let objects: ObjectStore

    init() throws {
        folder = try TemporaryFolder()
        objects = ObjectStore(folder: folder.path("objects/sha256"))
    }

    private func examine(_ operations: [String: String] = [:], repairing: Bool = false) async -> [Diagnosis] {
        await StoreExamination(
            folder: folder.path, objects: objects, packages: DeployedPackages(operations: operations),
            person: "ann@contoso.com"
        ).examine(repairing: repairing).found
    }

    @Test func anOperationOfAnUnknownRunIsNamed() async throws {
        let (known, unknown) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        let operations = [known: "brought S 1.0.0 into 'dev'", unknown: "brought S 2.0.0 into 'dev'"]
        // The store was removed as a whole, and none was made since.
        let alone = await examine(operations).first { $0.check == "environments" }
        #expect(alone?.message == "2 operations are of a run that no ledger here knows")
        let store = try SQLiteRunStore(folder: folder.path)
        var ledger = try Ledger("r1")
        try await store.append(ledger.first, to: "r1")
        // It was cut off after it had begun, so that no ending tells of the deployment.
        try await store.append(
            try ledger.add(.started("deploy", attempt: 1, token: known, fence: nil, recovering: false)), to: "r1")
        let found = try #require(await examine(operations).first { $0.check == "environments" })
        #expect(found.verdict == .note)
        #expect(found.message == "1 operation is of a run that no ledger here knows")
        #expect(found.details.first == "operation bbbbbbbbbbbb brought S 2.0.0 into 'dev'")
        #expect(await !examine([known: "brought S 1.0.0 into 'dev'"]).contains { $0.check == "environments" })
    }

    /// By its token for certain; by what older records say is lost, which another repository may have done as well, not.
    @Test func anOperationOfARemovedRunNamesWhoRemovedIt() async throws {
        let (first, second, third, fourth) = ("aa", "bb", "cc", "dd")
        _ = try SQLiteRunStore(folder: folder.path)
        try Data(
            """
            {"time":"2026-01-01T00:00:00Z","by":"a@b.c","reason":"old","runs":["r1"],"lost":["that it brought S 1"]}
            {"time":"2026-01-02T00:00:00Z","by":"d@b.c","reason":"new","runs":["r2"],"lost":["that it brought S 2"],"operations":["bb"]}
            {"time":"2026-01-03T00:00:00Z","by":"e@b.c","reason":"odd","runs":[1],"lost":["that it brought S 3"]}

            """.utf8
        ).write(to: URL(filePath: folder.path("removed.jsonl")))
        let (old, new) = (
            "run 'r1', removed 2026-01-01T00:00:00Z by a@b.c: old",
            "run 'r2', removed 2026-01-02T00:00:00Z by d@b.c: new"
        )
        func operations(_ known: [String: String]) async -> [Diagnosis] {
            await examine(known).filter { $0.check == "environments" }
        }
        let some = await operations([first: "brought S 1", second: "brought S 2"])
        #expect(
            some.map(\.message) == [
                "1 operation is of a run that was removed", "1 operation is of a run that no ledger here knows",
            ])
        #expect(some.first?.details.first == "operation bb brought S 2: of \(new)")
        #expect(some.last?.details.first == "operation aa brought S 1: may be of \(old)")
        #expect(some.last?.details.count == 2)
        // The like of what the second one did, by another repository.
        let all = await operations([third: "brought S 3", fourth: "brought S 2"])
        #expect(all.map(\.message) == ["2 operations are of a run that no ledger here knows"])
        #expect(
            all.first?.details.dropLast() == [
                "operation dd brought S 2", "operation cc brought S 3", "may be of \(old)", "may be of \(new)",
            ])
    }

    /// Nobody is told to move what goes anyway.
    @Test func aDamagedOrphanIsOnlyAnOrphan() async throws {
        _ = try SQLiteRunStore(folder: folder.path)
        let digest = try objects.put(Data("nobody's".utf8))
        let path = objects.path(of: digest)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try Data("junk".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes(
            [.modificationDate: Date().addingTimeInterval(-7200)], ofItemAtPath: path)
        for isRepairing in [false, true] {
            let found = await examine(repairing: isRepairing)
            let named = found.filter { $0.details.contains(path) }
            #expect(named.map(\.check) == ["orphaned objects"], "\(found)")
            #expect(named.map(\.verdict) == [isRepairing ? .repaired : .problem])
            #expect(found.first { $0.check == "objects" }?.message.hasPrefix("0 objects") == true, "\(found)")
        }
    }

    @Test func aFullDiskHasARemedyThatWorks() {
        func disk(_ free: Int, _ finished: Int) -> Diagnosis {
            .disk(free: free, store: 1_000_000, finished: finished, folder: "/r/.almrun")
        }
        #expect(disk(2_000_000_000, 0).verdict == .ok)
        #expect(disk(200_000_000, 0).verdict == .note)
        #expect(disk(50_000_000, 100).command == "almrun runs prune --keep 20")
        #expect(disk(50_000_000, 8).command == "almrun runs prune --keep 5")
        #expect(disk(50_000_000, 2).command == "almrun runs prune --keep 1")
        // Nothing could be removed.
        #expect(disk(50_000_000, 1).command?.hasPrefix("df -h '/r/.almrun'") == true)
        // There is no room in which to remove anything.
        let full = disk(0, 8)
        #expect(full.verdict == .problem && full.command?.hasPrefix("df -h '/r/.almrun'") == true)
        #expect(full.details.first?.hasPrefix("make room elsewhere on this disk first") == true)
        #expect(full.details.last?.hasPrefix("then `almrun runs prune --keep 5`") == true)
    }
}
