import Foundation
import Testing

/// First manifests, for people and for programs.
@Suite(.waits) struct InitTests {
    private struct Report: Decodable {
        var written: [String]
        var kept: [String]
        var notes: [String]
        var next: [String]
    }

    private func report(_ result: BuiltCommand.Result) throws -> Report {
        #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
        return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    }

    @Test func aProgramIsToldWhatWasWrittenAndWhatWasKept() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("target: { kind: directory, path: .almrun/environments/dev }\n", "environments/dev.yaml")
        let first = try report(BuiltCommand.run(["init", "--format", "json"], in: work.path))
        #expect(first.kept == ["environments/dev.yaml"])
        #expect(first.written.contains("environments/roles.yaml"))
        for path in first.written { #expect(FileManager.default.fileExists(atPath: "\(work.path)/\(path)"), "\(path)") }
        #expect(first.next == ["almrun check", "almrun plan release --input version=1.0.0"])
        #expect(first.notes.contains("add .almrun/ to .gitignore: it will hold the runs"))
        let kept = try String(contentsOfFile: "\(work.path)/environments/dev.yaml", encoding: .utf8)
        #expect(kept == "target: { kind: directory, path: .almrun/environments/dev }\n")
        try work.write(".almrun/\n", ".gitignore")
        let second = try report(BuiltCommand.run(["init", "--format", "json"], in: work.path))
        #expect(second.written.isEmpty && second.next.isEmpty)
        #expect(Set(second.kept) == Set(first.written + first.kept))
        #expect(!second.notes.contains { $0.contains(".gitignore") || $0.contains("roles.yaml") })
    }

    /// The names that stand beside it, and no others.
    @Test func theSolutionsOwnNamesAreProposed() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try FileManager.default.copyItem(
            atPath: "\(DocumentationTests.root)/examples/contoso-sales/solution", toPath: "\(work.path)/solution")
        let made = try BuiltCommand.run(["init"], in: work.path)
        #expect(made.status == 0)
        #expect(
            made.error.contains(
                "note: say what the solution's 1 connection reference is bound to in environments/dev.yaml, "
                    + "environments/test.yaml, environments/prod.yaml, where comments name them"), "\(made.error)")
        let file = "\(work.path)/environments/prod.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("#   contoso_sharedcontososales: { connector: "), "\(text)")
        #expect(text.contains("connection: \"${{ secrets.PROD_CONNECTION }}\" }\n"), "\(text)")
        #expect(text.contains("#   contoso_SalesApiUrl: VALUE\n") && !text.contains("contoso_sharedsales"), "\(text)")
        // Once they are filled in, the solution can be bound.
        let filled = text.replacing("# connections:", with: "connections:").replacing(
            "# variables:", with: "variables:"
        )
        .replacing("#   contoso_", with: "  contoso_").replacing("VALUE", with: "https://api.example")
        try work.write(filled, "environments/prod.yaml")
        let bound = try BuiltCommand.run(["rebind", "solution", "--environment", "prod"], in: work.path)
        #expect(bound.status == 0, "\(bound.output)\(bound.error)")
    }

    @Test func peopleReadTheSameAsText() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("target: { kind: directory, path: .almrun/environments/dev }\n", "environments/dev.yaml")
        let result = try BuiltCommand.run(["init"], in: work.path)
        #expect(result.status == 0)
        #expect(result.output.contains("wrote environments/roles.yaml\n"))
        #expect(result.error.contains("environments/dev.yaml is there already and stays as it is\n"))
        #expect(result.error.contains("next: almrun check"))
        #expect(try BuiltCommand.run(["init"], in: work.path).error.contains("nothing to do"))
        let wrong = try BuiltCommand.run(["init", "--format", "xml"], in: work.path)
        #expect(wrong.status == 2 && wrong.error.contains("xml"), "\(wrong.status) \(wrong.error)")
    }
}
