import Foundation
import Testing

@testable import Environments

/// The file of an environment's lock, whatever somebody made of it meanwhile.
@Suite struct EnvironmentLockTests {
    private let scratch = ScratchEnvironment()
    private var path: String { "\(scratch.path)/lock" }

    init() throws {
        try FileManager.default.createDirectory(atPath: scratch.path, withIntermediateDirectories: true)
    }

    private func refusal(_ patience: Duration = .milliseconds(50)) async -> EnvironmentError? {
        do {
            let lock = try await EnvironmentLock(path: path, patience: patience)
            _ = lock
            return nil
        } catch {
            return error as? EnvironmentError
        }
    }

    /// A copy of the folder with hard links gives it one. Who was told to remove it while a process has it would work beside.
    @Test func aSecondNameIsRefusedOnlyWhileNobodyHasIt() async throws {
        do {
            let lock = try await EnvironmentLock(path: path, patience: .zero)
            try FileManager.default.linkItem(atPath: path, toPath: "\(scratch.path)/copy")
            let busy = await refusal()
            #expect(busy?.code == "environment/busy")
            #expect(busy?.notes == ["it is process \(getpid())"])
            _ = lock
        }
        let refused = await refusal()
        #expect(refused?.message == "cannot use the lock '\(path)': it has another name (hard link)")
        #expect(refused?.notes.first?.hasPrefix("remove it") == true)
        try FileManager.default.removeItem(atPath: path)
        #expect(await refusal() == nil)
    }

    /// Others may have locked the new one by then.
    @Test func whoWaitedForARemovedFileTakesTheNewOne() async throws {
        let old = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        try #require(old >= 0 && flock(old, LOCK_EX | LOCK_NB) == 0)
        let path = path
        let lock = try await EnvironmentLock(path: path, patience: .seconds(60)) { _ in
            unlink(path)
            close(old)
        }
        let new = open(path, O_RDWR | O_CLOEXEC)
        try #require(new >= 0)
        #expect(flock(new, LOCK_EX | LOCK_NB) != 0)
        close(new)
        _ = lock
    }

    /// A pipe would be waited for, and what a link leads to is somebody else's.
    @Test(arguments: [true, false]) func onlyAFileIsLockedForReading(_ isPipe: Bool) async throws {
        if isPipe {
            try #require(mkfifo(path, 0o444) == 0)
        } else {
            try Data().write(to: URL(filePath: "\(scratch.path)/other"))
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "\(scratch.path)/other")
        }
        let error = await #expect(throws: EnvironmentError.self) {
            _ = try await EnvironmentLock(reading: path, patience: .zero)
        }
        #expect(error?.message == "cannot use the lock '\(path)': it is no regular file")
    }
}
