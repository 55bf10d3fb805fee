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
}
