import Testing

/// A version that is given as nothing is no version: a build service gives that for a variable that is not set.
@Suite(.waits) struct EmptyVersionTests {
    @Test func anEmptyVersionIsRefusedBeforeAnythingRuns() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        for verb in ["plan", "run"] {
            let result = try repository.almrun(verb, "release", "--input", "version=")
            #expect(result.status == 2 && result.error.contains("manifest/value"), "\(result.output)\(result.error)")
            #expect(result.error.contains("'' is no solution version"), "\(result.error)")
        }
        #expect(try repository.almrun("runs", "--ids").output == "")
        try repository.work.write(
            "stages:\n  d:\n    uses: openapi.diff\n    with: { document: a.json, base: b.json, version: \"${{ inputs.v }}\" }\n"
                + "inputs: { v: { type: string, required: false } }\n", "pipelines/d.yaml")
        try repository.work.write("{}", "a.json")
        try repository.work.write("{}", "b.json")
        for text in ["", "1.x"] {
            let result = try repository.almrun("plan", "d", "--input", "v=\(text)")
            #expect(result.error.contains("'\(text)' is no version such as 1.2.0"), "\(result.output)\(result.error)")
        }
        #expect(try repository.almrun("plan", "d").status == 0)
    }
}
