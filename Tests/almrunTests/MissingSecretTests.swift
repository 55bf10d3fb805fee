import Foundation
import Testing

/// Who asks whether a package may come somewhere is told of the secrets that would be missing there.
@Suite(.waits) struct MissingSecretTests {
    private let repository: ReleaseRepository

    init() throws {
        repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"], roles: "manager: [mads@contoso.example]\n")
        try bind(to: "${{ secrets.URL }}")
        try repository.commit("secret", as: "rana")
    }

    private func bind(to value: String, _ more: String = "") throws {
        let file = "\(repository.path)/environments/prod.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write(
            text.replacing("https://api.prod.example", with: value) + more, "environments/prod.yaml")
    }

    private func almrun(
        _ command: String, as person: String = "rana", url: String? = nil
    ) throws -> BuiltCommand.Result {
        var variables = ["GIT_AUTHOR_EMAIL": "\(person)@contoso.example"]
        variables["URL"] = url
        return try BuiltCommand.shell("almrun \(command)", in: repository.path, environment: variables)
    }

    @Test func itIsAConditionThatIsNotMet() throws {
        defer { repository.remove() }
        for version in ["1.0.0", "1.1.0"] {
            #expect(try almrun("run release --input version=\(version)", url: "https://u.example").status == 75)
            let why = "why ContosoSales@\(version) prod"
            let without = try almrun(why)
            #expect(without.status == 75)
            #expect(
                without.output.contains(
                    "unmet  bindings  secret 'URL', which the environment's file names, has no value in this process\n"),
                "\(without.output)\(without.error)")
            #expect(without.output.contains("export URL=..."))
            let with = try almrun(why, url: "https://u.example")
            #expect(with.output.contains("met    bindings  all that it needs is bound"), "\(with.output)")
            #expect(try almrun("approve latest prod", as: "mads", url: "https://u.example").status == 0)
            #expect(try almrun("resume latest", url: "https://u.example").status == 0)
        }
        let back = try almrun("rollback prod --dry-run")
        #expect(back.output.contains("unmet  bindings: secret 'URL'"), "\(back.output)\(back.error)")
        let fine = try almrun("rollback prod --dry-run", url: "https://u.example")
        #expect(fine.output.contains("met  bindings: all that it needs is bound"), "\(fine.output)\(fine.error)")
    }

    /// The environment's own file of secrets has it, or cannot be read.
    @Test func theFileOfSecretsCounts() throws {
        defer { repository.remove() }
        try bind(to: "${{ secrets.URL }}", "\nsecretsFile: keys.env\n")
        try repository.work.write("URL=https://u.example\n", "keys.env")
        try repository.commit("file", as: "rana")
        #expect(try almrun("run release --input version=1.0.0").status == 75)
        let here = try almrun("why ContosoSales@1.0.0 prod")
        #expect(here.output.contains("met    bindings  all that it needs is bound"), "\(here.output)\(here.error)")
        try repository.work.write("OTHER=x\n", "keys.env")
        let gone = try almrun("why ContosoSales@1.0.0 prod")
        #expect(gone.output.contains("unmet  bindings  secret 'URL'"), "\(gone.output)\(gone.error)")
        #expect(gone.output.contains("or write it into 'keys.env'"))
        let warning = "secret 'URL', which 'prod' needs, has no value in this process, nor in 'keys.env'"
        for command in ["check", "plan release --input version=1.1.0", "run release --input version=1.1.0"] {
            let warned = try almrun(command)
            #expect(warned.error.contains("warning: \(warning)"), "\(command): \(warned.error)")
            let given = try almrun(command, url: "https://u.example")
            #expect(!given.error.contains("secret 'URL'"), "\(command): \(given.error)")
        }
        #expect(try almrun("check").status == 0)
        try FileManager.default.removeItem(atPath: "\(repository.path)/keys.env")
        for command in ["check", "plan release --input version=1.1.0"] {
            let warned = try almrun(command)
            #expect(
                warned.status == 0 && warned.error.contains("the secrets file 'keys.env' cannot be read; a stage"),
                "\(command): \(warned.error)")
        }
        let unread = try almrun("why ContosoSales@1.0.0 prod")
        #expect(
            unread.output.contains("unmet  bindings  the secrets file 'keys.env' cannot be read"),
            "\(unread.output)\(unread.error)")
    }

    /// What an approval is void by is named, and no value of it.
    @Test func theConnectionWhoseSecretChangedIsNamed() throws {
        defer { repository.remove() }
        #expect(try almrun("run release --input version=1.0.0", url: "https://u.example").status == 75)
        #expect(try almrun("approve latest prod", as: "mads", url: "https://u.example").status == 0)
        #expect(try almrun("resume latest", url: "https://other.example").status == 75)
        let why = try almrun("why latest prod.approval", url: "https://other.example")
        #expect(
            why.output.contains("environment variable contoso_SalesApiUrl: its secret has another value"),
            "\(why.output)\(why.error)")
        #expect(!why.output.contains("other.example") && !why.output.contains("u.example"), "\(why.output)")
    }

    @Test func aPackageIsNamedAsDigestsAreCited() throws {
        defer { repository.remove() }
        #expect(try almrun("run release --input version=1.0.0", url: "https://u.example").status == 75)
        let named = try almrun("why ContosoSales@1.0.0 prod")
        let digest = named.output.firstMatch(of: #/sha256 ([0-9a-f]{12})/#)?.output.1 ?? ""
        #expect(!digest.isEmpty, "\(named.output)")
        let cited = try almrun("why sha256:\(digest) prod")
        #expect(cited.status == 75 && cited.output == named.output, "\(cited.output)\(cited.error)")
        #expect(try almrun("why sha256:12 prod").status == 2)
    }
}
