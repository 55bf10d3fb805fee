import Foundation
import Testing

/// Where somebody may read and not write, what reads works, and what writes says so and changes nothing.
@Suite(
    .waits,
    .enabled(if: ObstructedRepository.hasStranger, "root may write everywhere, and cannot start the command as another")
)
struct ReadOnlyTests {
    /// The folder of the store first, then the whole repository.
    @Test(arguments: [ObstructedCommand.manifests, ObstructedCommand.runs, ObstructedCommand.work])
    func nothingIsChanged(_ rows: [ObstructedCommand]) throws {
        let parts = [".almrun", "."]
        let repositories = try parts.map { _ in try ObstructedRepository() }
        defer { for one in repositories { one.remove() } }
        let before = try zip(repositories, parts).map { repository, part in
            try repository.makeReadOnly(part)
            return try repository.contents(of: part)
        }
        for row in rows {
            var said: [String] = []
            for (number, part) in parts.enumerated() {
                let repository = repositories[number]
                let result = try repository.run(row.line, asStranger: true)
                let after = try repository.contents(of: part)
                let changed = Set(before[number].keys).union(after.keys).filter { before[number][$0] != after[$0] }
                #expect(changed.sorted() == [], "\(row)")
                said.append(repository.masked(result.output + result.error))
                try Self.judge(result, row, hasPlace: part == ".almrun")
                // The next one finds the folder as this one did.
                if part == ".almrun" { try? FileManager.default.removeItem(atPath: "\(repository.path)/new") }
            }
            // What only reads says the same in both; that it is what is said without an obstacle, `FullDiskTests` say.
            if row.effect == .nothing { #expect(said[0] == said[1] && said[0] != "", "\(row)") }
        }
    }

    private static func judge(_ result: BuiltCommand.Result, _ row: ObstructedCommand, hasPlace: Bool) throws {
        switch row.effect {
        case .nothing: #expect(result.status == row.status, "\(row): \(result.output)\(result.error)")
        case .tells(let status):
            #expect(result.status == status, "\(row): \(result.output)\(result.error)")
            #expect(result.output.contains("runs.sqlite' cannot be written: Permission denied"), "\(row)")
        case .store: isRefused(result, row, ["store/unavailable", "/r/.almrun/runs", "Permission denied"])
        case .files where hasPlace: #expect(result.status == row.status, "\(row): \(result.output)\(result.error)")
        case .files(let code, let name):
            isRefused(result, row, ["Permission denied"])
            // What makes the folder says it in its own words.
            #expect(result.error.contains("[\(code)]") || result.error.contains("[file/write]"), "\(result.error)")
            #expect(result.error.contains(name) || result.error.contains("/r'"), "\(row): \(result.error)")
        }
    }

    private static func isRefused(_ result: BuiltCommand.Result, _ row: ObstructedCommand, _ words: [String]) {
        #expect(result.status == 3, "\(row): \(result.output)\(result.error)")
        #expect(result.output == "", "\(row)")
        for words in words { #expect(result.error.contains(words), "\(row): \(result.error)") }
    }

    /// A store that cannot be read either.
    @Test(arguments: ["runs", "inbox", "run once", "doctor"])
    func anUnreadableStoreIsSaid(_ line: String) throws {
        let repository = try ObstructedRepository()
        defer { repository.remove() }
        try repository.makeReadOnly(".")
        try repository.shell("chmod 000 r/.almrun/runs.sqlite")
        let result = try repository.run(TypedLine(line), asStranger: true)
        #expect(result.status == 3, "\(result.output)\(result.error)")
        let text = line == "doctor" ? result.output : result.error
        #expect(text.contains("/r/.almrun/runs.sqlite' cannot be read: Permission denied"), "\(text)")
    }

    /// What only looks keeps installations out without writing anything.
    @Test func theDoctorLooksIntoEnvironments() throws {
        let repository = try ObstructedRepository()
        defer { repository.remove() }
        try repository.makeReadOnly(".")
        let result = try repository.run(TypedLine("doctor"), asStranger: true)
        #expect(result.output.contains("environment dev: its state, its history and its packages are whole"))
        #expect(!result.output.contains("cannot be looked at"), "\(result.output)")
    }

    @Test func anEmptiedStoreIsCalledSo() throws {
        let repository = try ObstructedRepository()
        defer { repository.remove() }
        try repository.shell("rm -f r/.almrun/runs.sqlite-*; : > r/.almrun/runs.sqlite")
        try repository.makeReadOnly(".")
        let result = try repository.run(TypedLine("doctor"), asStranger: true)
        #expect(result.output.contains("runs.sqlite is empty, and yet something was run here"), "\(result.output)")
    }

    /// What a killed process left in SQLite's log is read too, as long as its index is there.
    @Test func theLogOfAKilledProcessIsRead() throws {
        let repository = try ObstructedRepository()
        defer { repository.remove() }
        let killed = try repository.run(TypedLine("run killed"))
        #expect(killed.status == 137, "\(killed.status) \(killed.error)")
        #expect(repository.logSize > 0)
        try repository.makeReadOnly(".")
        let read = try repository.run(TypedLine("show latest"), asStranger: true)
        #expect(read.status == 0 && read.output.contains("killed-"), "\(read.output)\(read.error)")
        // Without it nobody knows what in the log counts.
        try repository.shell("chmod u+w r/.almrun; rm -f r/.almrun/runs.sqlite-shm; chmod u-w r/.almrun")
        let lost = try repository.run(TypedLine("show latest"), asStranger: true)
        #expect(lost.status == 3 && lost.error.contains("store/unavailable"), "\(lost.output)\(lost.error)")
        #expect(lost.error.contains("runs.sqlite-wal' holds what was written last"), "\(lost.error)")
    }

    /// So on a full disk.
    @Test func theLogOfAKilledProcessIsReadOnAFullDisk() throws {
        let repository = try ObstructedRepository()
        defer { repository.remove() }
        _ = try repository.run(TypedLine("run killed"))
        let read = try repository.run(TypedLine("show latest"), limit: 0)
        #expect(read.status == 0 && read.output.contains("killed-"), "\(read.output)\(read.error)")
        let resumed = try repository.run(TypedLine("verify --all"))
        #expect(resumed.status == 0, "\(resumed.output)\(resumed.error)")
    }

    /// git refuses to look into it, and what it wants to be told is said so that it can be typed.
    @Test(.enabled(if: getuid() == 0, "only root can give a repository to somebody else"))
    func aRepositoryOfAnotherUserIsSaid() throws {
        let repository = try ObstructedRepository()
        defer { repository.remove() }
        let help = "git config --global --add safe.directory '\(repository.path)'"
        for line in ["inbox", "run once", "diff git:HEAD:api.json api.json"] {
            let result = try repository.run(TypedLine(line), asStranger: true)
            #expect(result.status == (line.hasPrefix("diff") ? 2 : 3), "\(line): \(result.error)")
            #expect(result.error.contains("belongs to another user"), "\(line): \(result.error)")
            #expect(result.error.contains("help: \(help)\n"), "\(line): \(result.error)")
        }
        let told = try repository.shell("env -u GIT_CONFIG_GLOBAL \(help)")
        #expect(told.status == 0, "\(told.error)")
        let inbox = try repository.run(TypedLine("inbox"), asStranger: true)
        #expect(inbox.status == 0, "\(inbox.error)")
    }
}
