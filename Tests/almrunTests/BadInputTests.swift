import Foundation
import Testing

/// Bad input to every command gets an error that names it, and changes nothing.
@Suite(.waits) struct BadInputTests {
    /// A folder with a finished, a failed and a waiting run, beside files of all kinds; made once.
    private static let prepared = Result { try Prepared() }

    @Test(arguments: Set(BadInput.all.map(\.command)).sorted())
    func isRefusedAndChangesNothing(_ command: String) throws {
        let prepared = try Self.prepared.get()
        let work = try WorkFolder(copying: prepared.work.path)
        defer { work.remove() }
        let before = try Self.contents(of: work.path)
        #expect(before.count > 40)
        for bad in BadInput.all where bad.command == command {
            let result = try BuiltCommand.run(
                bad.arguments.map { prepared.names[$0] ?? $0 }, in: work.path,
                environment: ["GIT_AUTHOR_EMAIL": "\(bad.person)@contoso.example"])
            #expect(result.status == bad.status, "\(bad): \(result.output)\(result.error)")
            #expect(result.output == "", "\(bad)")
            for words in bad.words { #expect(result.error.contains(words), "\(bad): \(result.error)") }
            // What the system or Swift say of an error is for those who wrote the program.
            for words in ["Error Domain=", "NSCocoa", "Fatal error", "couldn’t be completed", "error 1.)"] {
                #expect(!result.error.contains(words), "\(bad): \(result.error)")
            }
            let after = try Self.contents(of: work.path)
            let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
            #expect(changed == [], "\(bad)")
        }
    }

    /// What the other test compares does change when a command does something: one event more in the store.
    @Test func aGoodCommandIsSeen() throws {
        let prepared = try Self.prepared.get()
        let work = try WorkFolder(copying: prepared.work.path)
        defer { work.remove() }
        let before = try Self.contents(of: work.path)
        let run = try #require(prepared.names["WAITING"])
        let rejected = try BuiltCommand.run(
            ["reject", run, "prod", "--comment", "no"], in: work.path,
            environment: ["GIT_AUTHOR_EMAIL": "mads@contoso.example"])
        #expect(rejected.status == 0, "\(rejected.error)")
        let after = try Self.contents(of: work.path)
        #expect(after.keys.filter { before[$0] != after[$0] } == [".almrun/runs.sqlite"])
    }

    @Test func everyCommandHasSome() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        _ = try BuiltCommand.run(["docs", "--write", "docs"], in: work.path)
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(work.path)/docs/commands")
            .map { String($0.dropLast(".md".count)) }.filter { $0 != "README" }
        #expect(names.count > 30)
        for name in names + ["locks release", "runs prune"] {
            let count = BadInput.all.count { $0.command == name }
            #expect(count >= 3, "\(name) has \(count) bad inputs")
        }
        for bad in BadInput.all { #expect(!bad.words.isEmpty, "\(bad)") }
        #expect(Dictionary(grouping: BadInput.all, by: \.line).filter { $0.value.count > 1 }.keys.sorted() == [])
    }

    /// Every file with its bytes, every folder with none; of the store, without SQLite's own counters of its openings.
    private static func contents(of folder: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                found[name] = Data()
                continue
            }
            var content = try Data(contentsOf: URL(filePath: path))
            if name == ".almrun/runs.sqlite", content.count > 100 {
                // The change counter, the schema cookie, and the number for which the former is valid.
                for range in [24..<28, 40..<44, 92..<96] {
                    content.replaceSubrange(range, with: [UInt8](repeating: 0, count: 4))
                }
            }
            found[name] = content
        }
        return found
    }

    private struct Prepared {
        let work: WorkFolder
        /// What the words of a case stand for.
        let names: [String: String]

        init() throws {
            let made = try PreparedRepository(Self.script, printing: 4)
            work = made.work
            names = [
                "WAITING": made.lines[0], "FAILED": made.lines[1], "FINISHED": made.lines[2], "PACKAGE": made.lines[3],
            ]
        }

        private static let script = #"""
            mkdir -p filled empty/pipelines
            cat >> environments/prod.yaml <<END
            after: dev
            gates:
              approvals:
                - { role: manager, distinctFrom: [requester], signed: required }
            END
            cat > environments/roles.yaml <<END
            manager:
              - email: mads@contoso.example
                key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKlDrIWpxac78GkTlerp3HfitlGgaDamo7AKX+Qq1BJy
            END
            echo text > filled/note.txt
            printf '\377\376x\000' > utf16.json
            : > empty.json
            echo '{ "swagger": ' > cut.json
            head -c 3000 /dev/zero > zeros.zip
            echo 'no key' > key.txt
            cp pipelines/once.yaml empty/pipelines
            almrun run once >/dev/null 2>&1
            almrun run bad >/dev/null 2>&1 || test $? = 1
            # The keys have to be in a commit when the run is made; the cases are of a folder without git.
            git init -q . && git add environments && git commit -qm keys
            almrun run release --input version=1.0.0 >run.txt 2>&1 || test $? = 75 || cat run.txt
            rm -rf .git
            almrun runs --ids
            ls .almrun/environments/dev/packages/*.zip
            """#
    }
}
