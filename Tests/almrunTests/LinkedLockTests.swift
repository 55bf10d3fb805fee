import Foundation
import Testing

/// A link in the place of a lock leads to a file that is somebody else's, and is not followed.
@Suite(.waits) struct LinkedLockTests {
    private static let roles = "manager: [mads@contoso.example]\n"

    /// It may have come with the checkout.
    @Test(arguments: ["ln -s \"$PWD/notes/first.txt\"", "ln notes/first.txt"])
    func theLockOfAnEnvironmentIsAFileOfItsOwn(_ link: String) throws {
        let repository = try ReleaseRepository(["prod": "backend: mock"], roles: Self.roles)
        defer { repository.remove() }
        try repository.shell("mkdir -p .almrun/environments/prod && \(link) .almrun/environments/prod/lock")
        let run = try repository.almrun("run", "release", "--input", "version=1.0.0")
        #expect(run.status != 0 && run.error.contains("lock'"), "\(run.output)\(run.error)")
        _ = try repository.almrun("doctor")
        _ = try repository.almrun("environment", "prod")
        #expect(try String(contentsOfFile: "\(repository.path)/notes/first.txt", encoding: .utf8) == "first\n")
        // Without it the run goes on.
        try repository.shell("rm .almrun/environments/prod/lock")
        let again = try repository.almrun("resume", "latest")
        #expect(again.status == 0, "\(again.output)\(again.error)")
    }

    @Test(arguments: ["ln -s \"$PWD/notes/first.txt\"", "ln notes/first.txt", "ln -s \"$PWD/notes/none.txt\""])
    func theLockOfARunIsAFileOfItsOwn(_ link: String) throws {
        let repository = try ReleaseRepository(
            ["prod": "backend: mock\ngates: { approvals: [{ role: manager }] }"], roles: Self.roles)
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        let lock = ".almrun/runs/\(run).lock"
        try repository.shell("rm -f \(lock) && \(link) \(lock)")
        for command in [["resume", run], ["cancel", run]] {
            let refused = try BuiltCommand.run(command, in: repository.path)
            #expect(refused.status == 3, "\(command): \(refused.output)\(refused.error)")
        }
        #expect(try String(contentsOfFile: "\(repository.path)/notes/first.txt", encoding: .utf8) == "first\n")
        #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/notes/none.txt"))
        let mended = try BuiltCommand.run(["doctor", "--repair"], in: repository.path)
        #expect(mended.output.contains("repaired  run lock files: 1 without a process"), "\(mended.output)")
        let cancelled = try BuiltCommand.run(["cancel", run], in: repository.path)
        #expect(cancelled.status == 0, "\(cancelled.output)\(cancelled.error)")
        #expect(try String(contentsOfFile: "\(repository.path)/notes/first.txt", encoding: .utf8) == "first\n")
    }
}
