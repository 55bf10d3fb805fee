import Foundation
import Testing

/// What has not changed since the run was made is judged, in whatever form it is there.
extension JudgedFilesTests {
    private static let properties = "connector/apiProperties.json"
    private static let kept = "mkdir kept && mv \(properties) kept/p.json && ln -s ../kept/p.json \(properties)"
    private static let case1 = "mkdir kept && mv tests/one.yaml kept/one.yaml && ln -s ../kept/one.yaml tests/one.yaml"
    private static let strict = "uses: openapi.lint, with: { document: \(definition) }"
    private static let base = "\(lint), ruleset: rules/top.yaml }"

    /// Forms in which files are committed: the stage, and how they come about.
    static let committed = [
        (strict, "echo '{ \"a\": ' > \(properties)"), (strict, "printf '\\377\\376{\\0}\\0' > \(properties)"),
        (lint + " }", kept), (lint + " }", "echo a > connector/Script.csx && echo b > connector/script.csx"),
        (lint + " }", "ln -s apiProperties.json connector/script.csx"),
        (lint + " }", "rm \(properties) && ln -s nowhere.json \(properties)"),
        (lint + " }", "mkdir kept && mv \(definition) kept/d.json && ln -s ../kept/d.json \(definition)"),
        (base, "mkdir kept && mv rules/*.yaml kept && ln -s ../kept/top.yaml rules && ln -s ../kept/below.yaml rules"),
        (test, case1),
    ]

    @Test(arguments: committed) func whatIsCommittedIsJudgedAsItIs(_ stage: String, _ form: String) throws {
        let repository = try repository(stage)
        defer { repository.remove() }
        try repository.shell(form)
        try repository.commit("form", as: "rana")
        let begun = try run(repository)
        #expect(!begun.error.contains("run/other-files"), "\(begun.output)\(begun.error)")
        // Nothing can be made of the first two, which is lint's to say.
        let isNamed = begun.error.contains("\(Self.properties):1:")
        #expect(isNamed == (stage == Self.strict), "\(begun.output)\(begun.error)")
        #expect(stage == Self.strict || begun.status == 75, "\(begun.output)\(begun.error)")
    }

    /// The same, edited once the run works.
    @Test(arguments: [
        (lint + " }", kept, "echo >> kept/p.json"),
        (lint + " }", kept, "echo {} > kept/o.json && ln -sf ../kept/o.json \(properties)"),
        (lint + " }", kept, "rm \(properties)"), (lint + " }", kept, "rm kept/p.json"),
        (lint + " }", "echo a > connector/Script.csx && echo b > connector/script.csx", "echo >> connector/script.csx"),
        (lint + " }", "echo '{' > \(properties)", "echo >> \(properties)"),
        (lint + " }", "rm \(properties) && ln -s n.json \(properties)", "echo {} > connector/n.json"),
        (test, case1, "echo >> kept/one.yaml"),
    ])
    func whatLinksLeadToIsComparedToo(_ stage: String, _ form: String, _ edit: String) throws {
        let repository = try repository(stage, before: edit)
        defer { repository.remove() }
        try repository.shell(form)
        try repository.commit("form", as: "rana")
        let begun = try run(repository)
        #expect(begun.error.contains("run/other-files"), "\(begun.output)\(begun.error)")
    }

    private static let loose = [
        (lint + " }", properties), (base, "rules/below.yaml"), (diff, "base.json"), (lint + " }", "kept/p.json"),
    ]

    /// What was in no commit when the run was made, and stays as it was.
    @Test(arguments: loose, [false, true]) func whatNobodyAddedIsJudged(
        _ one: (stage: String, file: String), isEdited: Bool
    ) throws {
        let repository = try repository(one.stage, before: isEdited ? "echo >> \(one.file)" : "true")
        defer { repository.remove() }
        if one.file.hasPrefix("kept") {
            try repository.shell(Self.kept)
            try repository.commit("link", as: "rana")
        }
        try repository.shell("git rm -q --cached \(one.file) && git commit -qm loose")
        let begun = try run(repository)
        #expect(begun.error.contains("run/other-files") == isEdited, "\(begun.output)\(begun.error)")
        #expect(isEdited || begun.status == 75, "\(begun.output)\(begun.error)")
    }

    /// What a run of an earlier version kept of the files is compared as that version did, also once it was taken up.
    @Test func aRunOfAnEarlierVersionKeepsItsRule() throws {
        let repository = try repository(Self.lint + " }")
        defer { repository.remove() }
        try repository.askBeforePacking()
        try repository.shell("touch solution/.gitkeep")
        try #require(try run(repository).status == 75)
        let digest = try BuiltCommand.shell(
            "printf 'solution/.gitkeep\\0000\\000' | sha256sum | cut -c1-64", in: repository.path)
        let old = digest.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try ForgedLedger(repository).rewrite { line in
            line.replacing(/"format":[5-9]/, with: "\"format\":4")
                .replacing(/"uncommittedDigest":"[^"]*"/, with: "\"uncommittedDigest\":\"\(old)\"")
        }
        for _ in 1...2 {
            let again = try repository.almrun("resume", "latest", as: "mads")
            #expect(again.status == 75, "\(again.output)\(again.error)")
        }
        try repository.shell("echo >> solution/.gitkeep")
        let refused = try repository.almrun("resume", "latest", as: "mads")
        #expect(refused.status == 2 && refused.error.contains("run/other-files"), "\(refused.output)\(refused.error)")
    }
}
