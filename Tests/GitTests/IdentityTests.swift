import Foundation
import Testing

@testable import Git

/// Who works here is asked of git itself, and must be the same for us.
@Suite struct IdentityTests {
    /// Files in the home folder, and the variables of a process.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String] = [:]
        var variables: [String: String] = [:]
        /// Settings of the repository.
        var settings: [String: String] = [:]
    }

    static let user = "[user]\n\tname = Gina Global\n\temail = gina@example.com\n"
    static let other = "[user]\n\tname = Otto Other\n\temail = otto@example.com\n"

    static let cases: [Case] = [
        Case(testDescription: "the user's file", files: [".gitconfig": user]),
        Case(testDescription: "the user's other file", files: [".config/git/config": user]),
        Case(testDescription: "both of them", files: [".gitconfig": user, ".config/git/config": other]),
        Case(
            testDescription: "XDG_CONFIG_HOME", files: ["x/git/config": user, ".config/git/config": other],
            variables: ["XDG_CONFIG_HOME": "HOME/x"]),
        Case(
            testDescription: "GIT_CONFIG_GLOBAL takes the place of both",
            files: [".gitconfig": user, ".config/git/config": user, "mine": other],
            variables: ["GIT_CONFIG_GLOBAL": "HOME/mine"]),
        Case(
            testDescription: "the repository comes before GIT_CONFIG_GLOBAL", files: ["mine": other],
            variables: ["GIT_CONFIG_GLOBAL": "HOME/mine"], settings: ["user.email": "local@example.com"]),
        Case(
            testDescription: "GIT_CONFIG_SYSTEM", files: ["machine": user],
            variables: ["GIT_CONFIG_SYSTEM": "HOME/machine"]),
        Case(
            testDescription: "GIT_CONFIG_SYSTEM gives way", files: ["machine": user, ".gitconfig": other],
            variables: ["GIT_CONFIG_SYSTEM": "HOME/machine"]),
        Case(
            testDescription: "GIT_CONFIG_NOSYSTEM", files: ["machine": user, ".gitconfig": "[user]\n\tname = A\n"],
            variables: ["GIT_CONFIG_SYSTEM": "HOME/machine", "GIT_CONFIG_NOSYSTEM": "yes", "EMAIL": "mail@example.com"]),
        Case(
            testDescription: "GIT_CONFIG_NOSYSTEM that says no", files: ["machine": user],
            variables: ["GIT_CONFIG_SYSTEM": "HOME/machine", "GIT_CONFIG_NOSYSTEM": "0"]),
        Case(
            testDescription: "GIT_CONFIG_COUNT comes before every file",
            variables: [
                "GIT_CONFIG_COUNT": "3", "GIT_CONFIG_KEY_0": "user.email", "GIT_CONFIG_VALUE_0": "first@example.com",
                "GIT_CONFIG_KEY_1": "User.Email", "GIT_CONFIG_VALUE_1": "last@example.com",
                "GIT_CONFIG_KEY_2": "core.pager", "GIT_CONFIG_VALUE_2": "cat",
            ], settings: ["user.email": "local@example.com", "user.name": "Local"]),
        Case(
            testDescription: "git -c", files: [".gitconfig": user],
            variables: [
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.email", "GIT_CONFIG_VALUE_0": "pair@example.com",
                "GIT_CONFIG_PARAMETERS": "'user.email'='given@example.com' 'user.name=It'\\''s \"me\"'",
            ]),
        Case(
            testDescription: "EMAIL where nobody set an address", files: [".gitconfig": "[user]\n\tname = Gina\n"],
            variables: ["EMAIL": " mail@example.com "]),
        Case(testDescription: "EMAIL gives way", files: [".gitconfig": user], variables: ["EMAIL": "mail@example.com"]),
        Case(
            testDescription: "user.useConfigOnly",
            files: [".gitconfig": "[user]\n\tname = G\n\tuseConfigOnly = true\n"],
            variables: ["EMAIL": "mail@example.com"]),
        Case(
            testDescription: "author.email", files: [".gitconfig": user + "[author]\n\temail = author@example.com\n"]),
        Case(
            testDescription: "author.email gives way to the variable",
            files: [".gitconfig": user + "[author]\n\temail = author@example.com\n\tname = Au Thor\n"],
            variables: ["GIT_AUTHOR_EMAIL": "variable@example.com"]),
        Case(
            testDescription: "the committer is somebody else", files: [".gitconfig": user],
            variables: ["GIT_COMMITTER_EMAIL": "bot@example.com", "GIT_COMMITTER_NAME": "Bot"]),
        Case(
            testDescription: "what names may not hold", files: [".gitconfig": user],
            variables: ["GIT_AUTHOR_EMAIL": " <a<b>@example.com>. ", "GIT_AUTHOR_NAME": ",\"An\nn\" O'Hara."]),
        Case(
            testDescription: "a file that another one includes",
            files: [".gitconfig": user + "[include]\n\tpath = other\n", "other": other]),
        Case(
            testDescription: "a file for this folder only",
            files: [".gitconfig": user + "[includeIf \"gitdir:REPOSITORY/\"]\n\tpath = other\n", "other": other]),
        Case(
            testDescription: "a file for another folder only",
            files: [".gitconfig": user + "[includeIf \"gitdir:/nowhere/\"]\n\tpath = other\n", "other": other]),
        Case(
            testDescription: "an empty name", files: [".gitconfig": user], variables: ["GIT_AUTHOR_NAME": ""]),
        Case(
            testDescription: "a file that is no file of settings", files: [".gitconfig": "[user\nemail"]),
        Case(
            testDescription: "a count that is no number", files: [".gitconfig": user],
            variables: ["GIT_CONFIG_COUNT": "two"]),
        Case(
            testDescription: "a pair that is missing", files: [".gitconfig": user],
            variables: ["GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.email"]),
        Case(
            testDescription: "quotes that do not end", files: [".gitconfig": user],
            variables: ["GIT_CONFIG_PARAMETERS": "'user.email'='x"]),
    ]

    @Test(arguments: cases) func weSayWhatGitSays(_ one: Case) throws {
        let scratch = try ScratchRepository()
        for key in ["user.name", "user.email"] { try scratch.git("config", "--unset", key) }
        for (key, value) in one.settings { try scratch.git("config", key, value) }
        let (home, variables) = try prepare(one, in: scratch)
        defer { try? FileManager.default.removeItem(atPath: home) }
        let said = try gitSays(variables, in: scratch.path)
        let repository = try GitRepository(at: scratch.path)
        guard let said else {
            #expect(throws: GitError.self) { try repository.identity(environment: variables) }
            return
        }
        #expect(try repository.identity(environment: variables).description == said)
        // Where the repository says nothing of it, and no file asks for it, it is the same outside of one.
        if one.settings.isEmpty, one.testDescription != "a file for this folder only" {
            #expect(try Person(outsideRepositories: variables).description == said)
        }
    }

    @Test("a work tree with settings of its own")
    func workTreeSettings() throws {
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        let other = try ScratchRepository()
        try scratch.git("worktree", "add", "--quiet", other.path + "/tree")
        try scratch.git("config", "extensions.worktreeConfig", "true")
        try scratch.git("-C", other.path + "/tree", "config", "--worktree", "user.email", "tree@example.com")
        for place in [scratch.path, other.path + "/tree"] {
            let variables = ["HOME": "/nonexistent", "GIT_CONFIG_SYSTEM": "/dev/null"]
            let said = try gitSays(variables, in: place)
            let repository = try GitRepository(at: place)
            #expect(try repository.identity(environment: variables).description == said)
        }
    }

    /// An address that is set and empty is an address for git; nobody may act under it.
    @Test(arguments: [
        ["GIT_AUTHOR_EMAIL": ""],
        ["GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.email", "GIT_CONFIG_VALUE_0": ""],
        ["GIT_AUTHOR_EMAIL": "<>"],
    ])
    func nobodyIsNamed(_ variables: [String: String]) throws {
        let scratch = try ScratchRepository()
        let repository = try GitRepository(at: scratch.path)
        let error = #expect(throws: GitError.self) { try repository.identity(environment: variables) }
        #expect(error?.kind == .noIdentity)
    }

    private func prepare(
        _ one: Case, in scratch: ScratchRepository
    ) throws -> (home: String, variables: [String: String]) {
        let home = FileManager.default.temporaryDirectory.appending(path: "almrun-home-\(UUID().uuidString)").path
        for (name, text) in one.files {
            let file = URL(filePath: "\(home)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.replacing("REPOSITORY", with: scratch.path).utf8).write(to: file)
        }
        var variables = ["HOME": home, "GIT_CONFIG_SYSTEM": "/dev/null"]
        variables.merge(one.variables.mapValues { $0.replacing("HOME", with: home) }) { $1 }
        return (home, variables)
    }

    /// `NAME <EMAIL>`; nil where git refuses.
    private func gitSays(_ variables: [String: String], in folder: String) throws -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder, "var", "GIT_AUTHOR_IDENT"]
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
            .merging(variables) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        let end = try #require(text.lastIndex(of: ">"))
        return String(text[...end])
    }
}
