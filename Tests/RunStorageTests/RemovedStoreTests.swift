import Engine
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import RunStorage

/// Who has the store open while its file is removed or replaced writes nothing that nobody would find.
@Suite struct RemovedStoreTests {
    /// How the name loses the file.
    enum Fault: CaseIterable {
        case removed, replaced, folderRemoved, moved
    }

    private func provoke(_ fault: Fault, _ store: String) throws {
        let files = FileManager.default
        switch fault {
        case .removed: try files.removeItem(atPath: "\(store)/runs.sqlite")
        case .replaced:
            try files.copyItem(atPath: "\(store)/runs.sqlite", toPath: "\(store)/copy")
            #expect(rename("\(store)/copy", "\(store)/runs.sqlite") == 0)
        case .folderRemoved: try files.removeItem(atPath: store)
        case .moved: try files.moveItem(atPath: store, toPath: store + "-elsewhere")
        }
    }

    @Test(arguments: Fault.allCases, [false, true]) func nothingIsWritten(_ fault: Fault, _ isAlone: Bool) async throws
    {
        let folder = try TemporaryFolder()
        let place = folder.path("store")
        let store = try SQLiteRunStore(folder: place)
        var ledger = try Ledger("r1")
        try await store.append(ledger.first, to: "r1")
        try provoke(fault, place)
        var batch = try ledger.add(.suspended("ask", Suspension(.approval, code: "run/approval", message: "m")))
        batch.isAlone = isAlone
        let error = await #expect(throws: RunStoreError.self) { try await store.append(batch, to: "r1") }
        #expect(error?.code == "store/damaged", "\(error?.description ?? "")")
        #expect(error?.description.contains("was removed, moved or replaced while this process worked with it") == true)
        await #expect(throws: RunStoreError.self) {
            _ = try await store.claim("environment dev", run: "r1", step: "ask", now: Date(), until: nil)
        }
        // Nothing of it got into the file either that nobody finds any more.
        #expect(try await store.events(of: "r1", after: 0).count == 1)
    }

    /// Whose lock file is gone may not be alone with the run any more.
    @Test(arguments: [true, false]) func whoseLockFileIsGoneWritesNothing(_ isReplaced: Bool) async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteRunStore(folder: folder.path)
        var ledger = try Ledger("r1")
        let hold = try await store.hold("r1")
        try await store.append(ledger.first, to: "r1")
        try FileManager.default.removeItem(atPath: folder.path("runs/r1.lock"))
        let other = try SQLiteRunStore(folder: folder.path)
        let taken = isReplaced ? try await other.hold("r1") : nil
        let batch = try ledger.add(.rested)
        let error = await #expect(throws: RunStoreError.self) { try await store.append(batch, to: "r1") }
        #expect(error?.code == "store/unavailable", "\(error?.description ?? "")")
        #expect(error?.description.contains("the lock of run 'r1' was removed or replaced") == true)
        // Who has it now keeps it.
        hold.release()
        #expect((try await other.holder(of: "r1") != nil) == isReplaced)
        try await (isReplaced ? other : store).append(batch, to: "r1")
        taken?.release()
    }

    /// A lock file or a store that cannot be looked at for a moment was not removed.
    @Test(arguments: [true, false]) func whatCannotBeLookedAtIsNotGone(_ isLock: Bool) async throws {
        let folder = try TemporaryFolder()
        let place = folder.path("store")
        let store = try SQLiteRunStore(folder: place)
        var ledger = try Ledger("r1")
        let hold = try await store.hold("r1")
        defer { hold.release() }
        try await store.append(ledger.first, to: "r1")
        let batch = try ledger.add(.rested)
        // A link to itself leads to no answer, for root too.
        let hidden = isLock ? "\(place)/runs" : place
        try FileManager.default.moveItem(atPath: hidden, toPath: folder.path("away"))
        try FileManager.default.createSymbolicLink(atPath: hidden, withDestinationPath: hidden)
        let error = await #expect(throws: RunStoreError.self) { try await store.append(batch, to: "r1") }
        #expect(error?.code == "store/unavailable", "\(error?.description ?? "")")
        let text = error?.description ?? ""
        #expect(text.contains("cannot be looked at") && !text.contains("removed"), "\(text)")
        try FileManager.default.removeItem(atPath: hidden)
        try FileManager.default.moveItem(atPath: folder.path("away"), toPath: hidden)
        try await store.append(batch, to: "r1")
        #expect(try await store.events(of: "r1", after: 0).count == 2)
    }

    /// Where the name is a link, the file behind it counts.
    @Test func aLinkIsFollowed() async throws {
        let folder = try TemporaryFolder()
        let place = folder.path("store")
        var ledger = try Ledger("r1")
        do { try await SQLiteRunStore(folder: place).append(ledger.first, to: "r1") }
        try FileManager.default.moveItem(atPath: "\(place)/runs.sqlite", toPath: folder.path("behind"))
        try FileManager.default.createSymbolicLink(
            atPath: "\(place)/runs.sqlite", withDestinationPath: folder.path("behind"))
        let store = try SQLiteRunStore(folder: place)
        try await store.append(try ledger.add(.rested), to: "r1")
        #expect(try await store.events(of: "r1", after: 0).count == 2)
    }
}
