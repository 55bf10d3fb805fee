import Foundation
import Testing

/// On a full disk each command says what could not be written, changes nothing, and works when there is room again.
@Suite(.waits) struct FullDiskTests {
    @Test(arguments: Set(ObstructedCommand.all.map(\.line.command)).sorted())
    func nothingIsHalfWritten(_ command: String) throws {
        var repository = try ObstructedRepository()
        defer { repository.remove() }
        for row in ObstructedCommand.all where row.line.command == command {
            let before = try repository.contents()
            #expect(before.count > 60)
            let full = try repository.run(row.line, limit: 0)
            let after = try repository.contents()
            let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
            #expect(changed == [], "\(row)")
            // So that the store says what it said before.
            #expect(repository.logSize == 0, "\(row)")

            let free = try repository.run(row.line)
            #expect(free.status == row.status, "\(row): \(free.output)\(free.error)")
            switch row.effect {
            case .nothing:
                #expect(full.status == row.status, "\(row): \(full.output)\(full.error)")
                #expect(repository.masked(full.output) == repository.masked(free.output), "\(row)")
                #expect(repository.masked(full.error) == repository.masked(free.error), "\(row)")
            case .tells(let status):
                #expect(full.status == status, "\(row): \(full.output)\(full.error)")
                #expect(
                    full.output.contains("runs.sqlite' cannot be written: File too large"), "\(row): \(full.output)")
            case .store:
                Self.isRefused(full, row, ["store/unavailable", "runs.sqlite' cannot be written: File too large"])
            case .files(let code, let name):
                Self.isRefused(full, row, [code, name, ": File too large"])
                #expect(!full.error.contains(".almrun-tmp-"), "\(row): \(full.error)")
            }
            guard row.effect != .nothing else { continue }
            repository.remove()
            repository = try ObstructedRepository()
        }
    }

    private static func isRefused(_ result: BuiltCommand.Result, _ row: ObstructedCommand, _ words: [String]) {
        #expect(result.status == 3, "\(row): \(result.output)\(result.error)")
        #expect(result.output == "", "\(row)")
        for words in words { #expect(result.error.contains(words), "\(row): \(result.error)") }
    }

    /// A command that comes without a row fails here.
    @Test func everyCommandHasARow() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        _ = try BuiltCommand.run(["docs", "--write", "docs"], in: work.path)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(work.path)/docs/commands")
            .map { String($0.dropLast(".md".count)) }.filter { $0 != "README" }
        let known = Set(ObstructedCommand.all.map(\.line.command))
        #expect(names.count > 30)
        for name in names + ["locks release", "runs prune"] { #expect(known.contains(name), "\(name)") }
        // An option that names a file to write is in a row too.
        for name in names {
            let page = try String(contentsOfFile: "\(work.path)/docs/commands/\(name).md", encoding: .utf8)
            for option in ["--output", "--write", "--write-baseline", "--record", "--junit"]
            where page.contains("\(option) <") {
                let isTried = ObstructedCommand.all.contains { row in
                    row.line.arguments.contains(option) && (row.line.command == name || option == "--junit")
                }
                #expect(isTried, "\(name) \(option)")
            }
        }
    }

    /// The disk is full in the middle of a run: it is taken up where it stopped, and its effect is there once.
    @Test(arguments: [33, 60, 100, 150])
    func aRunCarriesOn(_ limit: Int) throws {
        let repository = try ObstructedRepository()
        defer { repository.remove() }
        let cut = try repository.run(TypedLine("run release --input version=2.0.0"), limit: limit)
        if cut.status != 75 {
            Self.isCutOff(cut)
            let newest = try repository.run(TypedLine("runs --ids --limit 1")).output
            // What is there from the beginning waits for somebody.
            let hasBegun = newest.hasPrefix("release-")
            if cut.error.contains("run release-") { #expect(cut.error.contains("`almrun resume release-")) }
            let line = hasBegun ? "resume latest" : "run release --input version=2.0.0"
            let resumed = try repository.run(TypedLine(line))
            #expect(resumed.status == 75, "\(resumed.error)")
        }
        let history = try repository.run(TypedLine("environment dev --history")).output
        #expect(history.components(separatedBy: "-> 2.0.0.0").count == 2, "\(history)")
        try Self.isWhole(repository)
    }

    /// So in the middle of what changes a run that there is.
    @Test(arguments: ["resume FAILED --rerun hello", "rollback dev"], [44, 60])
    func anotherRunCarriesOn(_ line: String, _ limit: Int) throws {
        let repository = try ObstructedRepository()
        defer { repository.remove() }
        let cut = try repository.run(TypedLine(line), limit: limit)
        if cut.status == 3 {
            Self.isCutOff(cut)
            let isRollback = line.hasPrefix("rollback")
            let newest = try repository.run(TypedLine("runs --ids --limit 1")).output
            let hasBegun = newest.hasPrefix("rollback-")
            let again = isRollback ? hasBegun ? "resume latest" : line : "resume FAILED"
            let resumed = try repository.run(TypedLine(again))
            #expect(resumed.status == (isRollback ? 0 : 1), "\(resumed.output)\(resumed.error)")
        }
        try Self.isWhole(repository)
    }

    /// Of several files those that fitted stay, each whole, and the same command writes the others.
    @Test(arguments: ["init --root new", "docs --write new", "schema --write new"], [1, 3])
    func filesAreWhole(_ line: String, _ limit: Int) throws {
        let repository = try ObstructedRepository()
        defer { repository.remove() }
        let cut = try repository.run(TypedLine(line), limit: limit)
        if cut.status != 0 { #expect(cut.status == 3 && cut.error.contains("file/write"), "\(cut.error)") }
        let isThere = FileManager.default.fileExists(atPath: "\(repository.path)/new")
        let first = isThere ? try repository.contents(of: "new") : [:]
        #expect(first.values.allSatisfy { $0.content.count <= limit * 1024 })
        let whole = try repository.run(TypedLine(line))
        #expect(whole.status == 0, "\(whole.error)")
        let second = try repository.contents(of: "new")
        for (name, content) in first { #expect(second[name] == content, "\(name)") }
        #expect(try repository.leftovers() == [])
    }

    private static func isCutOff(_ result: BuiltCommand.Result) {
        #expect(result.status == 3, "\(result.output)\(result.error)")
        #expect(result.error.contains("File too large"), "\(result.error)")
        #expect(!result.error.contains("Fatal error"), "\(result.error)")
    }

    /// Nothing is left of what was cut off, and nothing is wrong.
    private static func isWhole(_ repository: ObstructedRepository) throws {
        #expect(try repository.leftovers() == [])
        let verified = try repository.run(TypedLine("verify --all"))
        #expect(verified.status == 0, "\(verified.output)\(verified.error)")
        let mended = try repository.run(TypedLine("doctor --repair"))
        #expect(mended.status == 0, "\(mended.output)")
        // But for the lock file that was there from the beginning.
        #expect(mended.output.components(separatedBy: "repaired  ").count <= 2, "\(mended.output)")
    }
}
