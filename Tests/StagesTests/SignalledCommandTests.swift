import Documents
import Engine
import Foundation
import Pipelines
import Testing

@testable import Stages

@Suite("a command that a signal ended has said nothing of its effect", .waits)
struct SignalledCommandTests {
    private let scratch: StageScratch

    init() throws { scratch = try StageScratch() }

    private func execute(
        _ script: String, probe: [String]? = nil, effect: StageDescription.Effect = .once, kind: String = "shell.run",
        recovering: Bool = false, input other: Value? = nil
    ) async throws -> StageOutcome {
        var members: Value = ["command": ["sh", "-c", .string(script)]]
        if let probe {
            members = ["command": ["sh", "-c", .string(script)], "probe": .list(probe.map { .string($0) })]
        }
        let input = other ?? members
        let step = Step(id: "tell", work: .stage(kind), effect: effect, input: try Argument(input))
        let executor = LocalExecutor(
            plan: Plan(pipeline: "p", steps: [step]), root: scratch.root,
            objects: ObjectStore(folder: scratch.root + "/objects"), secrets: Secrets(), version: "1")
        return await executor.execute(
            step, input: input, attempt: Attempt(run: "p-1", token: "t", recovering: recovering))
    }

    private func isUncertain(_ outcome: StageOutcome) -> Bool {
        guard case .suspended(let suspension) = outcome else { return false }
        return suspension.cause == .uncertainEffect && suspension.code == "run/uncertain-effect"
    }

    @Test(
        "without a probe it is in doubt, also where a shell says that a signal ended what it ran",
        arguments: ["kill -9 $$", "kill -TERM $$", "exit 137", "sh -c 'kill -9 $$'; exit $?"])
    func inDoubt(_ end: String) async throws {
        let outcome = try await execute("echo x >> effects; \(end)")
        #expect(isUncertain(outcome), "\(outcome)")
        guard case .suspended(let suspension) = outcome else { return }
        #expect(suspension.message.contains("SIG"))
        #expect(suspension.message.contains("almrun logs p-1 tell"))
        #expect(try scratch.read("effects") == "x\n")
    }

    @Test("a status is the command's own word, whatever signal's number it has")
    func ownWord() async throws {
        for status in [1, 9, 125, 127, 128, 200] {
            guard case .failed(let failure) = try await execute("exit \(status)") else {
                Issue.record("status \(status) was no failure")
                continue
            }
            #expect(failure.code == "shell/exit-status")
        }
    }

    @Test("a probe that knows it as done makes it a success")
    func done() async throws {
        let outcome = try await execute("touch done; kill -9 $$", probe: ["sh", "-c", "test -f done && echo found"])
        guard case .succeeded(let output) = outcome else {
            Issue.record("it did not succeed: \(outcome)")
            return
        }
        #expect(output["output"] == "found")
    }

    @Test("a probe that knows it as not done makes it a failure, which may be tried again")
    func notDone() async throws {
        guard case .failed(let failure) = try await execute("kill -9 $$", probe: ["test", "-f", "done"]) else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.kind == .broken)
        #expect(failure.code == "shell/signal")
    }

    @Test("a probe that cannot tell leaves it in doubt")
    func cannotTell() async throws {
        #expect(isUncertain(try await execute("kill -9 $$", probe: ["sh", "-c", "exit 7"])))
        #expect(isUncertain(try await execute("kill -9 $$", probe: ["./no-such-probe"])))
    }

    @Test("what may be repeated simply failed")
    func repeatable() async throws {
        guard case .failed(let failure) = try await execute("kill -9 $$", effect: .repeatable) else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.code == "shell/signal")
    }

    @Test("a probe that hangs is ended, and is no answer")
    func hangingProbe() async throws {
        var stage = ShellRun()
        stage.patience = .milliseconds(50)
        stage.grace = .milliseconds(50)
        let input = ShellRun.Input(command: ["true"], probe: ["sleep", "60"])
        guard case .unknown(let reason) = try await stage.recover(input, in: try scratch.context("tell")) else {
            Issue.record("it was not in doubt")
            return
        }
        #expect(reason.contains("its probe 'sleep 60' gave no answer"))
    }

    @Test("what comes in the way of looking leaves an interrupted effect in doubt, whatever it is")
    func inTheWay() async throws {
        #expect(isUncertain(try await execute("", kind: "no.such", recovering: true)))
        #expect(isUncertain(try await execute("", recovering: true, input: ["command": 5])))
        // Where nothing was begun, nothing is in doubt.
        for outcome in [try await execute("", kind: "no.such"), try await execute("", input: ["command": 5])] {
            guard case .failed = outcome else {
                Issue.record("it did not fail: \(outcome)")
                continue
            }
        }
    }
}
