import Foundation
import Testing

/// A package that only an environment knows any more is compared with its digest as well.
@Suite(.waits) struct VerifiedPackagesTests {
    @Test func aPackageOfAPrunedRunIsCompared() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try repository.promote("1.0.0", "1.1.0", "1.2.0", "1.3.0")
        let runs = try repository.almrun("runs", "--ids").output.split(separator: "\n").map(String.init)
        let oldest = try #require(runs.last)
        let shown = try repository.almrun("show", oldest, "--format", "json").output
        let match = try #require(try #/"digest": "([0-9a-f]{64})"/#.firstMatch(in: shown), "\(shown)")
        let digest = String(match.1)
        let pruned = try repository.almrun("runs", "prune", "--keep", "1")
        try #require(pruned.status == 0, "\(pruned.error)")
        try #require(try !repository.almrun("runs", "--ids").output.contains(oldest))
        let path = "\(repository.path)/.almrun/objects/sha256/\(digest.prefix(2))/\(digest)"
        let sound = try repository.almrun("verify", "--all")
        #expect(sound.status == 0, "\(sound.output)\(sound.error)")
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(filePath: path))
        let found = try repository.almrun("verify", "--all")
        let said = "wrong  a package that an environment knows: object '\(digest.prefix(12))' is damaged"
        #expect(found.status == 1 && found.output.contains(said), "\(found.output)\(found.error)")
        let json = try repository.almrun("verify", "--all", "--format", "json")
        #expect(json.status == 1 && json.output.contains("\"wrongPackages\""), "\(json.output)")
    }

    /// What cannot be compared is no proof: the environment is named, and the packages of the others are compared all the same.
    @Test func anEnvironmentThatCannotBeReadIsNamed() throws {
        let repository = try ReleaseRepository(
            ["prod": "", "test": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try repository.promote("1.0.0")
        try repository.shell("printf '{' > .almrun/environments/prod/environment.json")
        let found = try repository.almrun("verify", "--all")
        #expect(found.status == 1, "\(found.output)\(found.error)")
        #expect(found.output.contains("wrong  environment 'prod' cannot be read"), "\(found.output)")
    }

    /// A manifest that is wrong keeps nobody from comparing what the other environments have.
    @Test func theOthersAreComparedBesideAWrongManifest() throws {
        let repository = try ReleaseRepository(
            ["prod": "", "test": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try repository.promote("1.0.0", "1.1.0", "1.2.0", "1.3.0")
        let runs = try repository.almrun("runs", "--ids").output.split(separator: "\n").map(String.init)
        let shown = try repository.almrun("show", try #require(runs.last), "--format", "json").output
        let digest = String(try #require(try #/"digest": "([0-9a-f]{64})"/#.firstMatch(in: shown), "\(shown)").1)
        let pruned = try repository.almrun("runs", "prune", "--keep", "1")
        try #require(pruned.status == 0, "\(pruned.error)")
        let path = "\(repository.path)/.almrun/objects/sha256/\(digest.prefix(2))/\(digest)"
        try Data("other".utf8).write(to: URL(filePath: path))
        try repository.shell("echo 'bogus: 1' >> environments/test.yaml")
        let found = try repository.almrun("verify", "--all")
        #expect(found.status == 1)
        let lines = try String(contentsOfFile: "\(repository.path)/environments/test.yaml", encoding: .utf8)
        let number = lines.split(separator: "\n", omittingEmptySubsequences: false).firstIndex(of: "bogus: 1")
        let place = "environments/test.yaml:\((number ?? 0) + 1):1: "
        #expect(
            found.output.contains(
                "wrong  environment 'test' cannot be read, and its packages were not compared: \(place)"),
            "\(found.output)")
        #expect(found.output.contains("object '\(digest.prefix(12))' is damaged"), "\(found.output)")
    }

    /// Each environment lacks the roles that it names then: what is wrong is said once, where it stands.
    @Test func wrongRolesAreTheCause() throws {
        let gates = "gates: { approvals: [{ role: manager }] }"
        let repository = try ReleaseRepository(
            ["prod": gates, "test": gates], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try repository.shell("echo 'manager: [ola@contoso.example' > environments/roles.yaml")
        let found = try repository.almrun("verify", "--all")
        #expect(found.status == 1)
        let lines = found.output.split(separator: "\n").filter { $0.contains("cannot be read") }
        let said = "wrong  environments 'prod', 'test' cannot be read, and their packages were not compared: "
        #expect(lines.count == 1, "\(found.output)")
        #expect(lines.first?.hasPrefix(said + "environments/roles.yaml:") == true, "\(found.output)")
    }
}
