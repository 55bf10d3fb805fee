import Foundation
import Testing

/// The value of a secret that people approve is the one that is installed, also where nothing was installed before.
@Suite(.waits) struct FirstSecretTests {
    private func repository() throws -> ReleaseRepository {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager }] }"], roles: "manager: [mads@contoso.example]\n")
        let file = "\(repository.path)/environments/prod.yaml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try repository.work.write(
            text.replacing("https://api.prod.example", with: "${{ secrets.URL }}"), "environments/prod.yaml")
        return repository
    }

    private func almrun(
        _ command: String, in repository: ReleaseRepository, as person: String = "rana", url: String
    ) throws -> BuiltCommand.Result {
        try BuiltCommand.shell(
            "almrun \(command)", in: repository.path,
            environment: ["GIT_AUTHOR_EMAIL": "\(person)@contoso.example", "URL": url])
    }

    @Test func anotherValueIsAnotherPlan() throws {
        let repository = try repository()
        defer { repository.remove() }
        let state = "\(repository.path)/.almrun/environments/prod/environment.json"
        // Who only looks writes nothing.
        let run = "run release --input version=1.0.0"
        for _ in 0..<2 {
            #expect(
                try almrun("plan release --input version=1.0.0", in: repository, url: "https://u.example").status == 0)
        }
        #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/.almrun/environments"))
        #expect(try almrun(run, in: repository, url: "https://u.example").status == 75)
        #expect(try almrun("approve latest prod", in: repository, as: "mads", url: "https://u.example").status == 0)
        let other = try almrun("resume latest", in: repository, url: "https://evil.example")
        #expect(other.status == 75, "\(other.output)\(other.error)")
        let content = try String(contentsOfFile: state, encoding: .utf8)
        #expect(!content.contains("ContosoSales") && !content.contains(".example"), "\(content)")
        // What is approved anew is what is installed.
        let yes = try almrun("approve latest prod", in: repository, as: "mads", url: "https://evil.example")
        #expect(yes.status == 0, "\(yes.error)")
        #expect(try almrun("resume latest", in: repository, url: "https://evil.example").status == 0)
        #expect(
            try almrun("doctor", in: repository, url: "https://evil.example").output.contains(
                "environment prod: its state"))
    }

    @Test func theSameValueNeedsOneApproval() throws {
        let repository = try repository()
        defer { repository.remove() }
        #expect(try almrun("run release --input version=1.0.0", in: repository, url: "https://u.example").status == 75)
        #expect(try almrun("approve latest prod", in: repository, as: "mads", url: "https://u.example").status == 0)
        let end = try almrun("resume latest", in: repository, url: "https://u.example")
        #expect(end.status == 0, "\(end.output)\(end.error)")
        #expect(try almrun("environment prod", in: repository, url: "").output.contains("1.0.0.0"))
    }
}
