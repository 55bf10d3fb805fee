import Foundation
import Testing

/// The built command beside a store: locks, pruning, the doctor.
@Suite(.waits) struct StoreCommandTests {
    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/stores/format-1").path

    /// A folder with the store that the first version wrote.
    private func work() throws -> WorkFolder {
        let work = try WorkFolder()
        try FileManager.default.copyItem(atPath: Self.fixture, toPath: "\(work.path)/.almrun")
        return work
    }

    private func run(_ arguments: String..., in work: WorkFolder) throws -> BuiltCommand.Result {
        try BuiltCommand.run(arguments, in: work.path)
    }

    @Test func anEarlierStoreGoesOn() throws {
        let work = try work()
        defer { work.remove() }
        let runs = try run("runs", in: work)
        #expect(runs.status == 0)
        #expect(runs.output.contains("waits for run 'release-20261121-062437-x3z5' of the same group 'contoso-sales'"))
        #expect(runs.output.contains("process: none works on that run"))
        let json = try run("runs", "--format", "json", in: work)
        #expect(json.output.contains("\"name\": \"group contoso-sales\""))
        let show = try run("show", "latest", in: work)
        #expect(show.error.contains("group contoso-sales is held by run release-20261121-062437-x3z5"))
        let locks = try run("locks", in: work)
        #expect(locks.output.hasPrefix("group contoso-sales\n  held by  run release-20261121-062437-x3z5 (waiting)\n"))
    }

    @Test func locksAreTakenAwayWithAReason() throws {
        let work = try work()
        defer { work.remove() }
        #expect(try run("locks", "release", "contoso-sales", in: work).status == 2)
        let blank = try run("locks", "release", "contoso-sales", "--reason", " ", in: work)
        #expect(blank.status == 2 && blank.error.contains("lock/no-reason"))
        let typo = try run("locks", "release", "contoso-sale", "--reason", "x", in: work)
        #expect(typo.status == 2 && typo.error.contains("did you mean 'contoso-sales'?"))
        let done = try run("locks", "release", "contoso-sales", "--reason", "the agent is gone", in: work)
        #expect(done.status == 0, "\(done.error)")
        #expect(done.output == "group contoso-sales was taken away from run release-20261121-062437-x3z5\n")
        #expect(try run("locks", in: work).error == "no lock is held\n")
        #expect(try run("locks", "--format", "json", in: work).output.contains("\"locks\": []"))
    }

    @Test func pruneRefusesBadInputAndKeepsWhatIsNeeded() throws {
        let work = try work()
        defer { work.remove() }
        for arguments in [
            [], ["--keep", "0"], ["--keep", "-1"], ["--keep", "x"], ["--older-than", "soon"],
            ["--older-than", "0d"],
        ] {
            let result = try BuiltCommand.run(["runs", "prune"] + arguments, in: work.path)
            #expect(result.status == 2, "\(arguments): \(result.output)\(result.error)")
            #expect(result.output.isEmpty)
        }
        let dry = try run("runs", "prune", "--older-than", "1m", "--dry-run", in: work)
        #expect(dry.status == 0, "\(dry.error)")
        #expect(
            dry.output.contains("kept     release-20261121-062436-jqtr: it is the newest successful run of 'release'"))
        #expect(dry.output.contains("would remove 0 runs, 0 events"))
        #expect(try run("runs", "--ids", in: work).output.split(separator: "\n").count == 3)
        let empty = try WorkFolder()
        defer { empty.remove() }
        try FileManager.default.createDirectory(atPath: "\(empty.path)/pipelines", withIntermediateDirectories: true)
        #expect(try run("runs", "prune", "--keep", "3", in: empty).error.contains("nothing was ever run here"))
        #expect(!FileManager.default.fileExists(atPath: "\(empty.path)/.almrun"))
    }

    @Test func theDoctorLooksAtEverything() throws {
        let work = try work()
        defer { work.remove() }
        let healthy = try run("doctor", in: work)
        #expect(healthy.status == 0, "\(healthy.output)\(healthy.error)")
        for check in ["store", "integrity", "events", "run index", "objects", "locks", "disk", "git", "versions"] {
            #expect(healthy.output.contains(" \(check): "), "\(check)")
        }
        let folder = "\(work.path)/.almrun/runs"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: URL(filePath: "\(folder)/gone.lock"))
        let sick = try run("doctor", in: work)
        #expect(sick.status == 1)
        #expect(sick.output.contains("problem   run lock files: 1 without a process"))
        #expect(sick.output.contains("`almrun doctor --repair`: remove them"))
        let mended = try run("doctor", "--repair", in: work)
        #expect(mended.status == 0, "\(mended.output)")
        #expect(mended.error.contains("repairing run lock files: 1 without a process: remove them"))
        #expect(mended.output.contains("repaired  run lock files"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/gone.lock"))
    }

    @Test func aDamagedStoreIsSaidAndLeftAsItIs() throws {
        let work = try work()
        defer { work.remove() }
        let file = URL(filePath: "\(work.path)/.almrun/runs.sqlite")
        let text = Data(String(repeating: "no database ", count: 400).utf8)
        try text.write(to: file)
        let result = try run("doctor", "--repair", "--format", "json", in: work)
        #expect(result.status == 3)
        #expect(result.output.contains("\"healthy\": false"))
        #expect(result.output.contains("is damaged"))
        #expect(result.output.contains("\"check\": \"versions\""))
        #expect(try Data(contentsOf: file) == text)
    }

    /// The file is gone and logs of its runs are there: no command says that nothing was ever run.
    @Test func aStoreThatIsGoneIsSaidByEveryCommand() throws {
        let work = try work()
        defer { work.remove() }
        try FileManager.default.createDirectory(
            atPath: "\(work.path)/.almrun/logs/release-20261121-062437-x3z5", withIntermediateDirectories: true)
        for suffix in ["", "-wal", "-shm"] {
            // Only the file itself is there for certain.
            try? FileManager.default.removeItem(atPath: "\(work.path)/.almrun/runs.sqlite\(suffix)")
        }
        for command in [
            "runs", "runs --format json", "inbox", "inbox --all", "locks", "show latest", "cancel latest",
            "approve latest prod", "reject latest prod --comment no", "resume latest", "logs latest", "verify latest",
            "runs prune --keep 3", "runs prune --run a --reason gone", "locks release prod --reason gone",
        ] {
            let result = try BuiltCommand.run(command.split(separator: " ").map(String.init), in: work.path)
            #expect(result.status == 3 && result.output.isEmpty, "\(command): \(result)")
            #expect(result.error.contains("store/damaged"), "\(command): \(result.error)")
            #expect(result.error.contains("something was run here"), "\(command): \(result.error)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(work.path)/.almrun/runs.sqlite"))
    }
}
