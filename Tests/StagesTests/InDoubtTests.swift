import Documents
import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Testing

@testable import Stages

@Suite("an effect that nobody knows of names what to look at")
struct InDoubtTests {
    private let environment = EnvironmentFile(name: "prod", target: .directory(path: "envs/prod"))

    @Test("an environment that cannot be read leaves the deployment in doubt, and says where to look")
    func promote() async throws {
        let scratch = try StageScratch()
        let package = try scratch.package("1.2.0.0")
        try scratch.write("{ half", to: "envs/prod/environment.json")
        let context = try scratch.context("prod/promote", environment: environment, token: "0123456789abcdef")
        guard case .unknown(let reason) = try await SolutionPromote().recover(.init(package: package), in: context)
        else {
            Issue.record("it was not in doubt")
            return
        }
        #expect(reason.contains("the deployment of ContosoSales 1.2.0.0 to 'prod' was interrupted"))
        #expect(reason.contains("`almrun environment prod --history` for sha256 \(package.digest.prefix(12))"))
        #expect(reason.contains("\(scratch.root)/envs/prod"))
        #expect(reason.contains("operation 0123456789ab"))
    }

    @Test("an environment that can be read is not in doubt")
    func readable() async throws {
        let scratch = try StageScratch()
        let context = try scratch.context("prod/promote", environment: environment)
        let found = try await SolutionPromote().recover(.init(package: try scratch.package()), in: context)
        #expect(found.isNotStarted)
    }

    @Test("a tag in a repository that cannot be read names the commands that show it")
    func tag() async throws {
        let scratch = try StageScratch()
        let input = GitTag.Input(name: "x/v1", message: "One", push: "origin")
        guard case .unknown(let reason) = try await GitTag().recover(input, in: try scratch.context("tag")) else {
            Issue.record("it was not in doubt")
            return
        }
        #expect(reason.contains("look with `git show x/v1`"))
        #expect(reason.contains("in remote 'origin' with `git ls-remote --tags origin x/v1`"))
    }

    @Test("a tag whose remote does not exist is there, and its sending is in doubt")
    func remote() async throws {
        let scratch = try StageScratch()
        try scratch.git("init", "--quiet", "--initial-branch=main")
        try scratch.git("config", "user.name", "Ada")
        try scratch.git("config", "user.email", "ada@example.com")
        try scratch.git("commit", "--quiet", "--allow-empty", "-m", "First")
        _ = try await GitTag().run(.init(name: "x/v1", message: "One"), in: try scratch.context("tag"))
        let input = GitTag.Input(name: "x/v1", message: "One", push: "nowhere")
        guard case .unknown(let reason) = try await GitTag().recover(input, in: try scratch.context("tag")) else {
            Issue.record("it was not in doubt")
            return
        }
        #expect(reason.hasPrefix("tag 'x/v1' is on commit "))
        #expect(reason.contains("git ls-remote --tags nowhere x/v1"))
    }

    @Test("a probe that cannot be started is not an answer: the run waits for a person")
    func probe() async throws {
        let scratch = try StageScratch()
        let input: Value = ["command": ["sh", "-c", "exit 0"], "probe": ["./missing-probe"]]
        let step = Step(
            id: "notify", work: .stage("shell.run"), effect: .once, input: try Argument(input))
        let executor = LocalExecutor(
            plan: Plan(pipeline: "p", steps: [step]), root: scratch.root,
            objects: ObjectStore(folder: scratch.root + "/objects"), secrets: Secrets(), version: "1")
        let outcome = await executor.execute(
            step, input: input, attempt: Attempt(run: "p-1", number: 2, token: "t", recovering: true))
        guard case .suspended(let suspension) = outcome else {
            Issue.record("it does not wait: \(outcome)")
            return
        }
        #expect(suspension.cause == .uncertainEffect)
        #expect(suspension.code == "run/uncertain-effect")
        #expect(suspension.message.contains("'notify' was interrupted"))
        #expect(suspension.message.contains("missing-probe"))
    }

    @Test("a command without a probe names its log")
    func command() async throws {
        let scratch = try StageScratch()
        let input = ShellRun.Input(command: ["scripts/announce", "done"], effect: .once)
        guard case .unknown(let reason) = try await ShellRun().recover(input, in: try scratch.context("notes")) else {
            Issue.record("it was not in doubt")
            return
        }
        #expect(
            reason == "the command 'scripts/announce done' was interrupted; what it said is in "
                + "`almrun logs release-1 notes`, and only a person can tell whether it took effect")
    }
}
