import Foundation
import Testing

/// `almrun explain` has a page for every code that the program can print, and for no other.
@Suite(.waits) struct CodePagesTests {
    /// Texts of the form of a code that are none.
    private static let others: Set<String> = [
        // Media types.
        "application/json", "application/octet-stream", "application/x-www-form-urlencoded", "multipart/form-data",
        "text/json", "text/plain", "text/xml",
        // The format that manifests name.
        "almrun/v1",
    ]

    /// Where a code is put together: the file, its family, and an expression that finds the parts in the file's text.
    private static let composed: [(file: String, family: String, pattern: String)] = [
        ("Zip/ZipError.swift", "zip", #"^\s+case ([a-zA-Z]+)(?: = "([a-z-]+)")?$"#),
        ("Git/GitError.swift", "git", #"^\s+case ([a-zA-Z, ]+)$"#),
        ("Harness/Verdicts/Violation.swift", "test", #"^\s+case ([a-zA-Z]+)(?: = "([a-z-]+)")?$"#),
        ("Documents/YAMLReader+Problems.swift", "document", #"stop\(\s*"([a-z-]+)""#),
        ("Documents/YAMLRepair.swift", "document", #"code: "([a-z-]+)""#),
        // The linter's own findings, beside those of rules, have no family.
        ("Linting/Linter.swift", "", #"code: "([a-z-]+)""#),
    ]

    private static let sources: [(name: String, text: String)] = {
        let folder = URL(filePath: "\(DocumentationTests.root)/Sources").resolvingSymlinksInPath()
        let rooms = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        var found: [(String, String)] = []
        // Rooms may be links; what lies below them is not.
        for room in rooms.sorted() where room != "TestSupport" {
            let place = folder.appending(path: room).resolvingSymlinksInPath().path
            let names = FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
            for name in names.sorted() where name.hasSuffix(".swift") {
                guard let text = try? String(contentsOfFile: "\(place)/\(name)", encoding: .utf8) else { continue }
                found.append(("\(room)/\(name)", text))
            }
        }
        return found
    }()

    /// The codes in the sources but for those of manifests, which have a test of their own; pages are no source.
    private static func codes() throws -> Set<String> {
        var codes: Set<String> = []
        for (name, text) in sources where !name.hasPrefix("almrun/Pages/") {
            for match in text.matches(of: /["\[]([a-z]+\/[a-z][a-z0-9-]+)["\]]/) { codes.insert(String(match.1)) }
        }
        for (file, family, pattern) in composed {
            let text = try #require(sources.first { $0.name == file }?.text, "\(file) has moved")
            let expression = try Regex(pattern).anchorsMatchLineEndings()
            var count = 0
            for match in text.matches(of: expression) {
                let parts = (match.output.count > 2 ? match.output[2].substring : nil) ?? match.output[1].substring
                for part in (parts ?? "").split(separator: ",") {
                    let name = kebab(part.trimmingCharacters(in: .whitespaces))
                    codes.insert(family.isEmpty ? name : "\(family)/\(name)")
                    count += 1
                }
            }
            #expect(count > 1, "\(file) makes codes in another way now")
        }
        return codes.subtracting(others).filter { !$0.hasPrefix("manifest/") }
    }

    private static func kebab(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) }
    }

    private static func pages() throws -> [(code: String, summary: String)] {
        let work = try WorkFolder()
        defer { work.remove() }
        return try BuiltCommand.run(["explain"], in: work.path).output.split(separator: "\n").compactMap { line in
            guard let end = line.firstRange(of: "  ") else { return nil }
            return (String(line[..<end.lowerBound]), String(line[end.upperBound...]))
        }
    }

    @Test func everyCodeHasAPageAndEveryPageACode() throws {
        let codes = try Self.codes()
        #expect(codes.count > 300)
        let pages = Set(try Self.pages().map(\.code))
        let missing = codes.subtracting(pages).sorted()
        #expect(missing == [], "no page")
        let superfluous = pages.filter { $0.contains("/") && !$0.hasPrefix("manifest/") }.subtracting(codes).sorted()
        #expect(superfluous == [], "nothing makes these codes")
    }

    @Test func noCodeHasTwoPages() throws {
        let codes = try Self.pages().map(\.code)
        let twice = Dictionary(grouping: codes) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
        #expect(twice == [])
    }

    /// A page that speaks of a command or an option speaks of one that there is.
    @Test func pagesNameOnlyCommandsThatThereAre() throws {
        let helps = try Self.helps()
        var count = 0
        for (name, text) in Self.sources where name.hasPrefix("almrun/Pages/") {
            let whole = text.replacing(/"\s*\+ "/, with: "")
            for match in whole.matches(of: /`almrun ([a-z]+)( [^`]*)?`/) where match.1 != "help" {
                count += 1
                let help = try #require(helps[String(match.1)], "\(name): almrun \(match.1)")
                for option in (match.2 ?? "").matches(of: /--[a-z-]+/) {
                    #expect(help.contains("\(option.0)"), "\(name): \(match.0)")
                }
            }
        }
        #expect(count > 100)
    }

    /// The help texts of the commands by name, those of their parts included, as `almrun docs` writes them.
    private static func helps() throws -> [String: String] {
        let work = try WorkFolder()
        defer { work.remove() }
        _ = try BuiltCommand.run(["docs", "--write", "docs"], in: work.path)
        var helps: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(work.path)/docs/commands") {
            let text = try String(contentsOfFile: "\(work.path)/docs/commands/\(name)", encoding: .utf8)
            helps[String(name.dropLast(".md".count))] = text
        }
        return helps
    }

    @Test func aPageSaysWhenAndWhatToDo() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        for code in ["gate/no-evidence", "[GATE/no-evidence]"] {
            let page = try BuiltCommand.run(["explain", code], in: work.path)
            #expect(page.status == 0)
            #expect(page.error.isEmpty)
            #expect(page.output.hasPrefix("gate/no-evidence\n\n"))
            for word in ["When: ", "Mend: ", "`almrun why RUN STAGE`"] { #expect(page.output.contains(word)) }
        }
        let json = try BuiltCommand.run(["explain", "gate/no-evidence", "--format", "json"], in: work.path)
        for key in ["\"code\": \"gate/no-evidence\"", "\"when\": ", "\"remedy\": "] {
            #expect(json.output.contains(key), "\(json.output)")
        }
    }

    /// Where git says no, the command says with which code.
    @Test func anErrorOfGitHasACode() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("stages: { a: { uses: noop } }\n", "pipelines/p.yaml")
        let result = try BuiltCommand.shell(
            "git init -q . && almrun inbox", in: work.path, environment: ["GIT_AUTHOR_EMAIL": ""])
        #expect(result.status == 3)
        #expect(result.output.isEmpty)
        #expect(result.error.contains("error: git does not know who you are [git/no-identity]"), "\(result.error)")
        #expect(result.error.contains("git config user.email"))
    }

    @Test(arguments: ["gate", "gate/", "Gate"]) func aFamilyIsListed(_ family: String) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let list = try BuiltCommand.run(["explain", family], in: work.path)
        #expect(list.status == 0)
        let lines = list.output.split(separator: "\n")
        #expect(lines.count > 15)
        #expect(lines.allSatisfy { $0.hasPrefix("gate/") })
    }

    @Test(arguments: [
        ("gate/no-evidense", "did you mean 'gate/no-evidence'?"), ("gaet", "did you mean 'gate'?"),
        ("verify/object-mising", "did you mean 'verify/object-missing'?"), ("", "`almrun explain` lists all codes"),
        ("/", "`almrun explain` lists all codes"), ("something else", "`almrun explain` lists all codes"),
    ]) func aWrongCodeIsSaid(_ code: String, _ words: String) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let result = try BuiltCommand.run(["explain", code], in: work.path)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.error.contains(words), "\(result.error)")
        #expect(result.error.contains("[explain/unknown]"))
    }
}
