import Foundation
import Synchronization
import Testing

@testable import Environments

@Suite("A crash at any write leaves the state before or after, and the operation happens once")
struct CrashTests {
    /// Stops all writing at the nth step.
    private final class Fuse: Sendable {
        private let left: Mutex<Int>
        let burnt = Mutex(false)
        init(after count: Int) { left = Mutex(count) }

        var disk: Disk {
            Disk { _, _ in
                let stop = self.left.withLock { left in
                    left -= 1
                    return left < 0
                }
                if stop {
                    self.burnt.withLock { $0 = true }
                    throw Disk.Interruption()
                }
            }
        }
    }

    @Test("a first installation")
    func first() async throws {
        let steps = try await crashEverywhere { _ in }
        #expect(steps > 20, "every write has several points")
    }

    @Test("an upgrade")
    func upgrade() async throws {
        let steps = try await crashEverywhere { scratch in
            let old = PackageContents.sample(
                "0.9.0.0", components: [.init(kind: "workflow", name: "Old")],
                flows: [.init(id: "f0", name: "Old", isOn: true)])
            let receipt = try await scratch.install(old, token: "before", settings: .sample)
            #expect(try await scratch.open().verify(receipt).isEmpty)
        }
        #expect(steps > 20)
    }

    /// Crashes at write 0, 1, 2 and so on until nothing is left to crash; gives how many there were.
    private func crashEverywhere(prepare: (ScratchEnvironment) async throws -> Void) async throws -> Int {
        let package = PackageContents.sample("1.0.0.0")
        for count in 0... {
            let scratch = ScratchEnvironment()
            try await prepare(scratch)
            let before = try await scratch.open().state()
            let plan = try await scratch.open().plan(package, settings: .sample)
            let fuse = Fuse(after: count)
            do {
                _ = try await scratch.open(disk: fuse.disk).install(
                    package, plan: plan, token: "now", by: "ada@example.com")
            } catch is Disk.Interruption {}
            guard fuse.burnt.withLock({ $0 }) else { return count }

            let there = try await scratch.open().state()
            let outcome = try await scratch.open().outcome(of: "now")
            #expect(try await scratch.open().unfinished().map(\.token) != "now" || outcome == nil)
            if outcome == nil {
                #expect(there == before, "crash \(count): nothing happened")
            } else {
                // Whoever finds that it happened only reads it back, and that leaves nothing over.
                #expect(try await scratch.open().verify(try #require(outcome)).isEmpty)
                #expect(!FileManager.default.fileExists(atPath: scratch.path + "/intent.json"), "crash \(count)")
                #expect(there.solutions["ContosoSales"]?.version == "1.0.0.0", "crash \(count): all of it happened")
            }
            // A second crash a little later, then the third attempt goes through.
            let again = Fuse(after: count % 7)
            do {
                _ = try await scratch.open(disk: again.disk).install(
                    package, plan: plan, token: "now", by: "ada@example.com")
            } catch is Disk.Interruption {}
            let receipt = try await scratch.open().install(package, plan: plan, token: "now", by: "ada@example.com")
            #expect(try await scratch.open().verify(receipt).isEmpty, "crash \(count)")
            let history = try await scratch.open().history()
            #expect(history.filter { $0.token == "now" }.count == 1, "crash \(count): once")
            #expect(history.map(\.sequence) == Array(1...history.count))
            let state = try await scratch.open().state()
            #expect(state.flows.keys.sorted() == ["f1", "f2"])
            #expect(!FileManager.default.fileExists(atPath: scratch.path + "/intent.json"))
        }
        return 0
    }

    @Test("a crash while the verification is recorded leaves the receipt unverified or verified")
    func verification() async throws {
        for count in 0... {
            let scratch = ScratchEnvironment()
            let receipt = try await scratch.install(.sample(), token: "t", settings: .sample)
            let fuse = Fuse(after: count)
            do {
                _ = try await scratch.open(disk: fuse.disk).verify(receipt)
            } catch is Disk.Interruption {}
            guard fuse.burnt.withLock({ $0 }) else { break }
            #expect(try await scratch.open().history() == [receipt])
            #expect(try await scratch.open().verify(receipt).isEmpty)
            #expect(try await scratch.open().verified(receipt.digest) == receipt.at)
        }
    }

    @Test("a disk that is full at any write leaves no half file, and the next attempt goes through")
    func fullDisk() async throws {
        for count in 0... {
            let scratch = ScratchEnvironment()
            let package = PackageContents.sample()
            let plan = try await scratch.open().plan(package, settings: .sample)
            let left = Mutex(count)
            let failed = Mutex(false)
            let disk = Disk { point, _ in
                guard [.create, .firstHalf, .secondHalf, .sync].contains(point) else { return }
                let isFull = left.withLock { left in
                    left -= 1
                    return left < 0
                }
                guard isFull else { return }
                failed.withLock { $0 = true }
                throw EnvironmentError(.disk, "environment/disk", "no space left on device")
            }
            do {
                _ = try await scratch.open(disk: disk).install(package, plan: plan, token: "now", by: "")
            } catch let error as EnvironmentError {
                #expect(error.kind == .disk)
            }
            guard failed.withLock({ $0 }) else { break }
            let names = FileManager.default.subpaths(atPath: scratch.path) ?? []
            #expect(!names.contains { $0.hasSuffix(".partial") }, "\(count): \(names)")
            let receipt = try await scratch.open().install(package, plan: plan, token: "now", by: "")
            #expect(try await scratch.open().verify(receipt).isEmpty)
            #expect(try await scratch.open().history() == [receipt])
            #expect(try await scratch.open().unfinished() == nil)
        }
    }
}
