import Foundation
import Testing

/// An ssh-agent that ends with this value.
final class RunningAgent {
    let scratch: Scratch
    let socket: String
    private var process: pid_t = 0

    init() throws {
        scratch = try Scratch()
        socket = scratch.path("agent")
        let tool = try #require(Scratch.path(of: "ssh-agent"))
        // It must hold nothing of ours open: `Process` takes another process for running as long as somebody does.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in 0..<3 as Range<Int32> {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        for descriptor in 3..<1024 as Range<Int32> { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var arguments: [UnsafeMutablePointer<CChar>?] = []
        for argument in [tool, "-D", "-a", socket] { arguments.append(strdup(argument)) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        let status = posix_spawn(&process, tool, &actions, nil, &arguments, environ)
        try #require(status == 0)
        for _ in 0..<500 where !FileManager.default.fileExists(atPath: socket) { usleep(10_000) }
        try #require(FileManager.default.fileExists(atPath: socket), "ssh-agent did not start")
    }

    deinit { stop() }

    func stop() {
        guard process > 0 else { return }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        process = 0
    }

    func add(_ key: String, passphrase: String? = nil) throws {
        let path = try scratch.write(key, to: "added")
        let asking = try scratch.write("#!/bin/sh\necho '\(passphrase ?? "")'\n", to: "ask")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: asking)
        let added = try scratch.run(
            "ssh-add", "-q", path,
            environment: ["SSH_AUTH_SOCK": socket, "SSH_ASKPASS": asking, "SSH_ASKPASS_REQUIRE": "force"])
        try #require(added.status == 0, "\(added.output)")
    }

    func removeAll() throws {
        let removed = try scratch.run("ssh-add", "-q", "-D", environment: ["SSH_AUTH_SOCK": socket])
        try #require(removed.status == 0, "\(removed.output)")
    }
}
