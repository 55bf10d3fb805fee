import Foundation
import Testing

/// To go back in an emergency hangs on nothing that the rollback does not need.
@Suite(.waits) struct RollbackSurroundingsTests {
    private func repository() throws -> ReleaseRepository {
        let repository = try ReleaseRepository(
            ["prod": "gates: { approvals: [{ role: manager, distinctFrom: [requester] }] }"],
            roles: "manager: [mads@contoso.example]\n")
        for version in ["1.0.0", "1.1.0"] {
            try repository.approve(try repository.release(version), "prod", as: "mads")
            try repository.commit("after-\(version)", as: "rana")
        }
        return repository
    }

    private func goesBack(_ repository: ReleaseRepository, saying words: String...) throws {
        let dry = try repository.almrun("rollback", "prod", "--dry-run")
        #expect(dry.status == 0 && dry.output.contains("1.1.0.0 -> 1.0.0.0"), "\(dry.output)\(dry.error)")
        let run = try repository.almrun("rollback", "prod")
        #expect(run.status == 75, "\(run.output)\(run.error)")
        for word in words { #expect(run.error.contains(word), "\(run.error)") }
        try repository.approve("latest", "prod/promote", as: "mads")
        #expect(try repository.almrun("show", "latest").output.contains("succeeded rollback-"))
    }

    @Test(arguments: [
        ("lab.yaml", "target: { kind: directory, path: [oops\n", "warning: environments/lab.yaml:1"),
        ("lab.yaml", "target: { kind: directory, path: lab }\nafter: nowhere\n", "there is no environment 'nowhere'"),
        ("lab.yaml", "target: { kind: directory, path: environments/state }\n", "[manifest/target-path]"),
        ("lab.yml", "target: { kind: directory, path: lab }\n", "[manifest/file-ending]"),
    ])
    func theFileOfAnotherEnvironment(_ file: String, _ text: String, _ words: String) throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.work.write(text, "environments/\(file)")
        try goesBack(repository, saying: words, "not needed for this rollback")
    }

    @Test func theFolderOfAnotherEnvironment() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.write("lab", "")
        try repository.work.write("{", ".almrun/environments/lab/environment.json")
        try goesBack(repository, saying: "warning: environment 'lab' is left out, as it cannot be read:")
    }

    /// Which files are in no commit only the approver wants to know: those that the gates are read from count as such.
    @Test func theIndexOfGit() throws {
        let repository = try repository()
        defer { repository.remove() }
        try repository.shell("head -c 50 .git/index > .std-index && mv .std-index .git/index")
        let run = try repository.almrun("rollback", "prod")
        #expect(run.status == 75, "\(run.output)\(run.error)")
        #expect(run.error.contains("note: git does not say which files are in no commit:"), "\(run.error)")
        let shown = try repository.almrun("show", "latest", "--gate", "prod/promote").output
        #expect(shown.contains("the gates of 'prod' are those of a file that was in no commit"), "\(shown)")
        #expect(shown.contains("who has which role is said by a file that was in no commit"), "\(shown)")
        try repository.approve("latest", "prod/promote", as: "mads")
    }

    /// What the gates of the environment ask about must be readable, and nothing else may be in its place.
    @Test func whatItNeedsIsRefusedAllTheSame() throws {
        let repository = try repository()
        defer { repository.remove() }
        func refuses(_ words: String) throws {
            for more in [["--dry-run"], []] {
                let no = try BuiltCommand.run(["rollback", "prod"] + more, in: repository.path)
                #expect(no.status == 2 && no.error.contains(words), "\(words): \(no.output)\(no.error)")
            }
        }
        let place = ".almrun/environments/prod"
        for other in [place, "\(place)/inside"] {
            // Of two files one is wrong as well, and a third one is in the place of the second.
            try repository.work.write("target: { kind: directory, path: [oops\n", "environments/a.yaml")
            try repository.work.write(
                "target: { kind: directory, path: \(other) }\nafter: nowhere\n", "environments/zoo.yaml")
            try refuses("[manifest/shared-target]")
        }
        try FileManager.default.removeItem(atPath: "\(repository.path)/environments/zoo.yaml")
        let roles = try String(contentsOfFile: "\(repository.path)/environments/roles.yaml", encoding: .utf8)
        try repository.work.write("manager: {\n", "environments/roles.yaml")
        try refuses("environments/roles.yaml")
        try repository.work.write(roles, "environments/roles.yaml")
        try repository.write("prod", "gates: { approvals: [{ role: manager, distinctFrom: [\"approvers-of: a\"] }] }")
        try refuses("environments/a.yaml")
        try repository.write("prod", "after: a")
        try refuses("environments/a.yaml")
        try repository.work.write("target: { kind: directory, path: a }\n", "environments/a.yaml")
        try repository.write("prod", "after: prod")
        try refuses("[manifest/after-cycle]")
        let unknown = try repository.almrun("rollback", "prd")
        #expect(unknown.status == 2 && unknown.error.contains("did you mean 'prod'?"), "\(unknown.error)")
    }
}
