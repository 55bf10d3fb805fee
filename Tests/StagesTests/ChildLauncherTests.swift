import Foundation
import Synchronization
import Testing

@testable import Stages

@Suite("starting programs and leaving none of them behind", .waits)
struct ChildLauncherTests {
    /// What a command wrote, by stream.
    private final class Written: Sendable {
        private let texts = Mutex(["", ""])

        func take(_ bytes: UnsafeRawBufferPointer, _ stream: ChildStream) {
            texts.withLock { $0[stream.rawValue] += String(decoding: bytes, as: UTF8.self) }
        }

        var output: String { texts.withLock { $0[0] } }
        var error: String { texts.withLock { $0[1] } }
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("children-\(UUID())").path
    private let mark = ProcessMark(work: "test\(UInt64.random(in: 0...UInt64.max))")

    private func command(_ script: String, _ mark: ProcessMark) -> ChildCommand {
        let path = ProcessEnvironment.values(of: ["PATH"])["PATH"] ?? "/usr/bin:/bin"
        return ChildCommand(
            path: "/bin/sh", arguments: ["sh", "-c", script],
            variables: ["PATH=\(path)", "\(ProcessMark.variable)=\(mark.value)"], folder: folder)
    }

    /// In a folder of its own, with time enough on a busy machine.
    private func run(
        _ script: String, _ written: Written = Written(), mark: ProcessMark? = nil, grace: Duration = .seconds(20),
        settling: Duration = .milliseconds(5)
    ) async throws -> ChildEnding {
        let mark = mark ?? self.mark
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try await ChildLauncher(grace: grace, settling: settling).run(
            command(script, mark), mark: mark, receiver: written.take)
    }

    private func clear() { try? FileManager.default.removeItem(atPath: folder) }

    /// The processes that carry the mark.
    private func marked(_ mark: ProcessMark? = nil) -> [String] {
        ProcessEntry.all().filter { entry in
            !entry.isEnded
                && ProcessEntry.variable(ProcessMark.variable, of: entry.process).map((mark ?? self.mark).covers)
                    == true
        }.map(\.name)
    }

    private func waitFor(_ names: String...) async throws {
        for name in names {
            for _ in 0..<30_000 where !FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
                try await Task.sleep(for: .milliseconds(10))
            }
            try #require(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "no file '\(name)'")
        }
    }

    /// Commands of which a process goes on, in ways that are harder and harder to follow.
    static let survivors = [
        "(echo > ready; exec sleep 300) &",
        "setsid sh -c 'echo > ready; exec sleep 300' &",
        "setsid sh -c '(echo > ready; exec sleep 300) & '",
        "setsid sh -c 'setsid sh -c \"(echo > ready; exec sleep 300) >/dev/null 2>&1 & \" & ' &",
        "(setsid sh -c 'env -i sh -c \"echo > ready; sleep 300; true\"; true' &)",
    ]

    @Test("what a command leaves running is ended and named", arguments: survivors)
    func leftBehind(script: String) async throws {
        defer { clear() }
        let ending = try await run("\(script)\nwhile ! test -e ready; do sleep 0.01; done; echo done; exit 4")
        #expect(ending.status == .exited(4))
        #expect(ending.leftBehind.contains { $0.hasPrefix("sleep (") })
        #expect(marked().isEmpty)
    }

    @Test("a cancelled command is ended with all it has started", arguments: survivors)
    func cancelled(script: String) async throws {
        defer { clear() }
        let task = Task { try await run("\(script)\necho > started; sleep 300") }
        try await waitFor("started", "ready")
        #expect(!marked().isEmpty)
        task.cancel()
        #expect(try await task.value.status == .signaled(SIGTERM))
        #expect(marked().isEmpty)
    }

    @Test("who does not end when asked is ended by force, wherever it went")
    func stubborn() async throws {
        defer { clear() }
        let task = Task {
            try await run(
                """
                trap '' TERM
                setsid sh -c 'trap "" TERM; echo > ready; while :; do sleep 0.05; done' &
                echo > started; while :; do sleep 0.05; done
                """, grace: .milliseconds(200))
        }
        try await waitFor("started", "ready")
        task.cancel()
        #expect(try await task.value.status == .signaled(SIGKILL))
        #expect(marked().isEmpty)
    }

    @Test("ending one command leaves those beside it alone")
    func sideBySide() async throws {
        defer { clear() }
        let other = ProcessMark(work: mark.work)
        let first = Task { try await run("setsid sh -c 'echo > ready; exec sleep 300' & sleep 300") }
        let second = Task {
            try await run(
                """
                setsid sh -c '(echo > other; exec sleep 300) &'
                while ! test -e go; do sleep 0.02; done; echo survived
                """, mark: other)
        }
        try await waitFor("ready", "other")
        first.cancel()
        #expect(try await first.value.status == .signaled(SIGTERM))
        #expect(marked().isEmpty)
        #expect(marked(other).contains("sleep"))
        #expect(FileManager.default.createFile(atPath: "\(folder)/go", contents: nil))
        let ending = try await second.value
        #expect(ending.status == .exited(0))
        #expect(ending.leftBehind.count == 1)
        #expect(marked(other).isEmpty)
    }

    @Test("what another almrun left of the same work is found and ended; other work is not touched")
    func earlierAttempt() async throws {
        defer { clear() }
        let earlier = ProcessMark(work: mark.work)
        let stranger = ProcessMark(work: "\(mark.work)0")
        let tasks = [earlier, stranger].map { mark in
            Task { try await run("setsid sh -c 'echo > \(mark.work); exec sleep 300' & sleep 300", mark: mark) }
        }
        try await waitFor(mark.work, stranger.work)
        let ended = await EarlierProcesses(work: mark).end(within: .seconds(20))
        #expect(ended.filter { $0.hasPrefix("sleep (") }.count >= 1)
        #expect(marked(earlier).isEmpty)
        #expect(!marked(stranger).isEmpty)
        for task in tasks { task.cancel() }
        for task in tasks { _ = try await task.value }
        #expect(marked(stranger).isEmpty)
    }

    @Test("what ends by itself is given the time for it, and heard to its end")
    func settling() async throws {
        defer { clear() }
        let written = Written()
        let ending = try await run("(sleep 0.05; echo late) & echo soon", written, settling: .seconds(20))
        #expect(ending == ChildEnding(status: .exited(0)))
        #expect(written.output == "soon\nlate\n")
    }

    @Test("both streams come back whole, also when they are closed long before the end")
    func streams() async throws {
        defer { clear() }
        let written = Written()
        let ending = try await run("echo a; echo b >&2; exec >&- 2>&-; sleep 0.1; exit 3", written)
        #expect(ending == ChildEnding(status: .exited(3)))
        #expect(written.output == "a\n")
        #expect(written.error == "b\n")
    }

    @Test("a command has no descriptors but its streams, nothing to read, and default signals")
    func surroundings() async throws {
        defer { clear() }
        let open = Foundation.open("/dev/null", O_RDONLY)
        defer { close(open) }
        let written = Written()
        _ = try await run("for f in /proc/$$/fd/*; do echo ${f##*/}; done; readlink /proc/$$/fd/0", written)
        let descriptors = written.output.split(separator: "\n")
        #expect(descriptors.filter { (Int($0) ?? 0) <= 2 }.prefix(3) == ["0", "1", "2"])
        #expect(!descriptors.contains("\(open)"))
        #expect(descriptors.last == "/dev/null")
        let signals = Written()
        _ = try await run("grep -E '^Sig(Blk|Ign)' /proc/self/status", signals)
        let masks = signals.output.split(separator: "\n").compactMap { UInt64($0.suffix(16), radix: 16) }
        // The C library keeps two signals above the ordinary ones for itself.
        #expect(masks.map { $0 & 0x7fff_ffff } == [0, 0])
    }

    @Test("a hundred commands at once get their own output and status")
    func many() async throws {
        defer { clear() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let written = Written()
                    let ending = try await run("echo \(number); exit \(number)", written, mark: ProcessMark(work: "n"))
                    #expect(ending == ChildEnding(status: .exited(Int32(number))))
                    #expect(written.output == "\(number)\n")
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("what cannot be started says why, and a task that is cancelled already starts nothing")
    func refused() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { clear() }
        var absent = command("true", mark)
        absent.path = "/no/such/program"
        var homeless = command("true", mark)
        homeless.folder = "/no/such/folder"
        for command in [absent, homeless] {
            await #expect(throws: ChildStartError.self) {
                try await ChildLauncher().run(command, mark: mark) { _, _ in }
            }
        }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await run("echo > ran")
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/ran"))
    }

    @Test("a mark covers its own attempt, also inside another almrun's, and its work covers every attempt")
    func marks() {
        let again = ProcessMark(work: mark.work)
        #expect(mark.covers(mark.value))
        #expect(mark.covers("\(mark.value)/other:1"))
        #expect(!mark.covers(again.value))
        #expect(mark.coversWork(again.value))
        #expect(mark.coversWork("outer:1/\(again.value)"))
        #expect(!mark.coversWork("\(mark.work)0:1"))
    }
}
