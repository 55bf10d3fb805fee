import Engine
import Foundation
import TestSupport
import Testing

@testable import RunStorage

@Suite struct RunLockTests {
    private let folder: TemporaryFolder
    private let locking: RunLock

    init() throws {
        folder = try TemporaryFolder()
        locking = RunLock(folder: folder.path)
    }

    @Test func oneHasTheRightAtATime() throws {
        let hold = try locking.take("r1")
        #expect(locking.holder(of: "r1")?.process == Int(ProcessInfo.processInfo.processIdentifier))
        #expect(throws: RunStoreError.self) { try locking.take("r1") }
        hold.release()
        #expect(locking.holder(of: "r1") == nil)
        #expect(!folder.exists("r1.lock"))
        try locking.take("r1").release()
    }

    /// The kernel has the lock; what the file says is for people, and may not be there yet or be nonsense.
    @Test(arguments: ["", "no json", "{\"process\":\"many\"}", "{}"])
    func aHolderWithoutATextIsAHolder(_ text: String) throws {
        let hold = try locking.take("r1")
        let file = try FileHandle(forWritingTo: URL(filePath: folder.path("r1.lock")))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
        let holder = try #require(locking.holder(of: "r1"))
        #expect(holder.process == 0 && holder.host == "unknown")
        let error = #expect(throws: RunStoreError.self) { try locking.take("r1") }
        #expect(error == .busy("r1", nil))
        #expect(error?.description == "run 'r1' is being run by another process")
        hold.release()
        #expect(locking.holder(of: "r1") == nil)
    }

    /// A file that a dead process left says nothing, whatever stands in it.
    @Test func aFileWithoutAProcessIsNoHolder() throws {
        try folder.write("{\"process\":1,\"host\":\"here\",\"since\":0}", to: "r1.lock")
        #expect(locking.holder(of: "r1") == nil)
        let hold = try locking.take("r1")
        #expect(locking.holder(of: "r1")?.process == Int(ProcessInfo.processInfo.processIdentifier))
        hold.release()
    }

    /// Without it nobody can tell: a socket, which nobody opens, stands for a file of another user.
    @Test func aFileThatCannotBeReadTellsNothing() throws {
        try makeSocket(folder.path("r1.lock"))
        let holder = try #require(locking.holder(of: "r1"))
        #expect(holder.obstacle?.hasPrefix("its lock '\(folder.path("r1.lock"))' cannot be read: ") == true)
        #expect(!holder.isStopped)
        #expect(locking.workedOn == ["r1"])
        #expect(throws: RunStoreError.self) { try locking.take("r1") }
        // Nobody writes down what is not known.
        let text = String(decoding: try JSONEncoder().encode(holder), as: UTF8.self)
        #expect(!text.contains("obstacle"))
    }

    private func makeSocket(_ path: String) throws {
        #if canImport(Glibc)
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
    }

    /// Nobody could take it, and nobody has it: only its name in this folder goes.
    @Test(arguments: [true, false]) func whatIsNoLockOfOursIsCleared(_ isLink: Bool) throws {
        try folder.write("mine\n", to: "other")
        let lock = folder.path("r1.lock")
        if isLink {
            try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: folder.path("other"))
        } else {
            try FileManager.default.linkItem(atPath: folder.path("other"), toPath: lock)
        }
        #expect(locking.holder(of: "r1") == nil)
        let error = #expect(throws: RunStoreError.self) { try locking.take("r1") }
        #expect(error?.description.contains("`almrun doctor --repair` removes") == true, "\(error?.description ?? "")")
        #expect(locking.clear("r1"))
        #expect(try String(contentsOfFile: folder.path("other"), encoding: .utf8) == "mine\n")
        try locking.take("r1").release()
    }

    /// A copy of the folder with hard links gives it a second name while a process has it.
    @Test func aHeldLockIsBusyUnderWhateverName() throws {
        let hold = try locking.take("r1")
        defer { hold.release() }
        try FileManager.default.linkItem(atPath: folder.path("r1.lock"), toPath: folder.path("copy"))
        let error = #expect(throws: RunStoreError.self) { try locking.take("r1") }
        if case .busy = error {} else { Issue.record("\(String(describing: error))") }
        #expect(locking.clear("r1"))
        #expect(folder.exists("r1.lock"))
    }

    /// A folder in its place is removed by nobody, and that is said.
    @Test func whatCannotBeClearedIsSaid() throws {
        try FileManager.default.createDirectory(atPath: folder.path("r1.lock"), withIntermediateDirectories: false)
        #expect(!locking.clear("r1"))
    }
}
