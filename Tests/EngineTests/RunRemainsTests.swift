import Documents
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import Engine

/// What is in doubt in a run of which not all events can be read.
@Suite struct RunRemainsTests {
    private let time = Date(timeIntervalSince1970: 1_790_000_000)

    private func lines(_ kinds: [RunEvent.Kind]) throws -> [[UInt8]] {
        let effects: [(StepID, StageDescription.Effect)] = [("none", .none), ("again", .repeatable), ("once", .once)]
        let creation = RunCreation(
            run: "r1", plan: plan(effects.map { step($0, $1) }), requester: "ann@contoso.com", process: "here:1")
        let first = LedgerLine(RunEvent(sequence: 1, time: time, previous: "", kind: .created(creation)))
        var state = try RunState(first)
        return try [first.bytes] + kinds.map { try state.add($0, now: time).bytes }
    }

    private func cutOff(_ kinds: [RunEvent.Kind]) throws -> [RunRemains.CutOff] {
        RunRemains("r1", lines: try lines(kinds)).cutOff
    }

    private func began(_ step: StepID, looking: Bool = false) -> RunEvent.Kind {
        .started(step, attempt: looking ? 2 : 1, token: "t", fence: nil, recovering: looking)
    }

    private static let timeout = AttemptEnding.failed(StageFailure(.transient, StageFailure.timeoutCode, "too long"))

    @Test(arguments: [
        (AttemptEnding.cancelled, "was cancelled"), (.lost("gone"), "nobody saw what it came to"),
        (timeout, "its time was up"),
    ]) func anEndThatTellsNothingLeavesTheDoubt(_ ending: AttemptEnding, _ words: String) throws {
        let found = try cutOff(
            (["none", "again", "once"] as [StepID]).flatMap { [began($0), .ended($0, attempt: 1, ending)] })
        #expect(found.map(\.step) == ["once"])
        #expect(found.first?.doubt.hasSuffix(", and \(words)") == true, "\(found)")
    }

    @Test func anEndThatTellsLeavesNone() throws {
        let failure = AttemptEnding.failed(StageFailure(.rejected, "shell/failed", "no"))
        #expect(try cutOff([began("once"), .ended("once", attempt: 1, failure)]).isEmpty)
        let ended: [RunEvent.Kind] = [began("once"), .ended("once", attempt: 1, .cancelled)]
        #expect(try cutOff(ended).map(\.step) == ["once"])
        let done = AttemptEnding.succeeded(output: [:], object: nil, inputDigest: nil, found: true)
        #expect(try cutOff(ended + [began("once", looking: true), .ended("once", attempt: 2, done)]).isEmpty)
        // Where all tries were used up, it was only looked, and nothing had happened.
        #expect(try cutOff(ended + [began("once", looking: true), .ended("once", attempt: 2, Self.timeout)]).isEmpty)
        let open = try cutOff(ended + [began("once", looking: true)])
        #expect(open.first?.doubt.hasSuffix(", and no end of it can be read") == true, "\(open)")
    }

    /// Who could not be told of waits for a word, and runs no more.
    @Test func whatNobodyCouldTellIsOver() throws {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        let remains = RunRemains("r1", lines: try lines([began("once"), .suspended("once", doubt)]))
        #expect(remains.unended.isEmpty)
        #expect(remains.cutOff.first?.doubt.hasSuffix(", and nobody could tell what it came to") == true)
    }

    /// What began may go on until an end of it can be read, whatever its effect.
    @Test func whatHasNoEndMayGoOn() throws {
        let done = AttemptEnding.succeeded(output: [:], object: nil, inputDigest: nil, found: false)
        func unended(_ kinds: [RunEvent.Kind]) throws -> [StepID] {
            RunRemains("r1", lines: try lines(kinds)).unended.map(\.step)
        }
        let all: [RunEvent.Kind] = [began("none"), began("again"), began("once")]
        #expect(try unended(all) == ["none", "again", "once"])
        #expect(
            try unended(all + [.ended("none", attempt: 1, done), .ended("once", attempt: 1, .cancelled)]) == ["again"])
    }

    /// Processes that cannot be looked at are those of the user who made the log.
    @Test func hiddenProcessesOfAnotherUserAreKnownByTheirFiles() throws {
        let folder = try TemporaryFolder()
        for name in ["1", "42", "43"] {
            try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
        }
        try Data("sh".utf8).write(to: URL(filePath: folder.path("42/cmdline")))
        // Root may read all files, but no link that leads to itself.
        symlink("environ", folder.path("42/environ"))
        symlink("environ", folder.path("43/environ"))
        func find(own: uid_t) -> UnseenProcesses? {
            UnseenProcesses(ofOwnerOf: folder.path("42/cmdline"), own: own, processes: folder.path)
        }
        #expect(find(own: getuid()) == nil)
        #expect(find(own: getuid() + 1)?.text.contains("cannot be looked at or ended by you") == true)
        unlink(folder.path("42/environ"))
        try Data().write(to: URL(filePath: folder.path("42/environ")))
        #expect(find(own: getuid() + 1) == nil)
        // Where not even the first process is shown, nobody knows.
        try FileManager.default.removeItem(atPath: folder.path("1"))
        #expect(find(own: getuid() + 1) != nil)
    }
}
