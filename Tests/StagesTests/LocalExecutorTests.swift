import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Stages
import Testing

@Suite struct LocalExecutorTests {
    /// Answers with what it was given, to see what an executor makes of it.
    struct Echo: Stage {
        struct Input: Decodable, Sendable {
            var text: String?
            var file: String?
            var fail: String?
        }

        struct Output: Codable, Sendable { var text: String }

        static let description = StageDescription(
            kind: "test.echo", effect: .none, summary: "echoes", details: "Echoes.",
            inputs: [.init("file", .path, "a file"), .init("text", .string, "a text"), .init("fail", .string, "how")],
            outputs: [.init("text", .string, "the text")], example: "")

        static func companions(of input: Input, root: String) throws -> [String] { ["beside.txt"] }

        func run(_ input: Input, in context: StageContext) async throws -> Output {
            switch input.fail {
            case "rejected": throw StageFailure(.rejected, "test/no", "no to \(try context.reveal(input.text ?? ""))")
            case "cancelled": throw CancellationError()
            case "manifest": _ = try Document(text: "{,}", file: "x.json")
            case "other": throw CocoaError(.fileNoSuchFile)
            default: break
            }
            context.log("saying \(try context.reveal(input.text ?? ""))")
            return Output(text: try context.reveal(input.text ?? ""))
        }

        func recover(_ input: Input, in context: StageContext) async throws -> Recovery<Output> {
            switch input.text {
            case "done": .completed(Output(text: "kept"))
            case "not-started": .notStarted
            default: .unknown("look at it")
            }
        }
    }

    let scratch: StageScratch
    let executor: LocalExecutor
    let step = Step(id: "echo", work: .stage("test.echo"), effect: .none)

    init() throws {
        scratch = try StageScratch()
        executor = LocalExecutor(
            plan: Plan(pipeline: "p", steps: [step]), root: scratch.root,
            objects: ObjectStore(folder: scratch.root + "/objects"), secrets: Secrets(["TOKEN": "s3cret-value"]),
            version: "1", stages: [Echo.self])
    }

    func run(_ input: Value, recovering: Bool = false) async -> StageOutcome {
        var step = step
        // What a manifest would have said; a value that is no argument has no references.
        step.input = (try? Argument(input)) ?? .map([:])
        return await executor.execute(
            step, input: input, attempt: Attempt(run: "p-1", token: "t", recovering: recovering, emit: { _ in }))
    }

    @Test func secretsAreMaskedInOutputsAndFailures() async {
        #expect(await run(["text": "a ${{ secrets.TOKEN }} b"]) == .succeeded(["text": "a *** b"]))
        guard case .failed(let failure) = await run(["text": "${{ secrets.TOKEN }}", "fail": "rejected"]) else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.message == "no to ***")
    }

    /// Text that a stage got from elsewhere must not make it reveal what its author did not name.
    @Test func aSecretThatOnlyTheTextNamesIsNotRevealed() async {
        let outcome = await executor.execute(
            step, input: ["text": "${{ secrets.TOKEN }}"], attempt: Attempt(run: "p-1", token: "t"))
        guard case .failed(let failure) = outcome else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.code == "secret/not-meant")
    }

    @Test func aSecretWithoutAValueIsNamed() async {
        guard case .failed(let failure) = await run(["text": "${{ secrets.NOBODY }}"]) else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.kind == .broken)
        #expect(failure.message.contains("'NOBODY'"))
    }

    @Test(arguments: [
        ("manifest", StageFailure.Kind.rejected), ("other", .broken), ("rejected", .rejected),
    ])
    func everyErrorBecomesAFailure(_ how: String, _ kind: StageFailure.Kind) async {
        guard case .failed(let failure) = await run(["fail": .string(how)]) else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.kind == kind)
        if how == "manifest" { #expect(failure.findings.first?.file == "x.json") }
    }

    @Test func cancellationIsNoFailure() async {
        #expect(await run(["fail": "cancelled"]) == .cancelled)
    }

    @Test func inputsThatDoNotFitAreBroken() async {
        guard case .failed(let failure) = await run(["text": 3]) else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.code == "stage/inputs")
    }

    @Test func anUnknownKindIsBroken() async {
        let other = Step(id: "x", work: .stage("no.such"), effect: .none)
        let outcome = await executor.execute(other, input: [:], attempt: Attempt(run: "p-1", token: "t"))
        guard case .failed(let failure) = outcome else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.code == "stage/unknown-kind")
    }

    @Test func anInterruptedAttemptIsLookedAfterFirst() async {
        #expect(await run(["text": "done"], recovering: true) == .found(["text": "kept"]))
        #expect(
            await run(["text": "x"], recovering: true)
                == .suspended(Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "look at it")))
    }

    @Test func anEffectThatDidNotHappenIsNotRepeatedWhenOnlyLookedFor() async {
        let attempt = Attempt(run: "p-1", token: "t", recovering: true, looksOnly: true)
        guard case .failed(let failure) = await executor.execute(step, input: ["text": "not-started"], attempt: attempt)
        else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.code == StageFailure.timeoutCode)
        let again = Attempt(run: "p-1", token: "t", recovering: true)
        #expect(
            await executor.execute(step, input: ["text": "not-started"], attempt: again)
                == .succeeded(["text": "not-started"]))
    }

    @Test func theInputDigestCoversFilesAndCompanions() async throws {
        try scratch.write("one", to: "a.txt")
        try scratch.write("two", to: "beside.txt")
        let input: Value = ["file": "a.txt", "text": "t"]
        let first = await executor.inputDigest(of: step, input: input)
        #expect(first?.count == 64)
        #expect(await executor.inputDigest(of: step, input: input) == first)
        #expect(await executor.inputDigest(of: step, input: ["file": "a.txt", "text": "u"]) != first)
        try scratch.write("three", to: "beside.txt")
        let second = await executor.inputDigest(of: step, input: input)
        #expect(second != first)
        try scratch.write("four", to: "a.txt")
        #expect(await executor.inputDigest(of: step, input: input) != second)
        // A file that cannot be read is never a reason to reuse.
        #expect(await executor.inputDigest(of: step, input: ["file": "missing.txt"]) == nil)
    }

    @Test func lintIsReusedUntilARulesetThatIsExtendedChanges() async throws {
        try scratch.write("{}", to: "connector/apiDefinition.swagger.json")
        try scratch.write("extends: [base.yaml]\n", to: "rules/team.yaml")
        try scratch.write("rules: {}\n", to: "rules/base.yaml")
        let lint = Step(id: "lint", work: .stage("openapi.lint"), effect: .none)
        let executor = LocalExecutor(
            plan: Plan(pipeline: "p", steps: [lint]), root: scratch.root,
            objects: ObjectStore(folder: scratch.root + "/objects"), secrets: Secrets(), version: "1")
        let input: Value = ["document": "connector/apiDefinition.swagger.json", "ruleset": "rules/team.yaml"]
        let first = await executor.inputDigest(of: lint, input: input)
        #expect(first != nil)
        #expect(await executor.inputDigest(of: lint, input: input) == first)
        try scratch.write("{}", to: "connector/apiProperties.json")
        let second = await executor.inputDigest(of: lint, input: input)
        #expect(second != nil && second != first)
        try scratch.write("extends: [\"spectral:oas\"]\n", to: "rules/base.yaml")
        let third = await executor.inputDigest(of: lint, input: input)
        #expect(third != nil && third != second)
    }

    @Test func aKeptResultNeedsItsObjects() async throws {
        let objects = ObjectStore(folder: scratch.root + "/objects")
        let digest = try objects.put(Data("package".utf8))
        #expect(await executor.isAvailable(["package": ["digest": .string(digest)]]))
        let absent = String(repeating: "0", count: 64)
        #expect(await !executor.isAvailable(["package": ["digest": .string(absent)]]))
        #expect(await !executor.isAvailable(["report": .string(absent)]))
        #expect(await executor.isAvailable(["level": "minor"]))
    }

    @Test func eligibilityAsksTheEnvironmentBefore() async throws {
        let before = EnvironmentFile(name: "test", target: .directory(path: "test"))
        let gate = Step(
            id: "p.eligible", work: .gate(.eligible(after: "test", soak: 0)), effect: .none, environment: "prod",
            guarding: "p")
        let executor = LocalExecutor(
            plan: Plan(pipeline: "p", steps: [gate], environments: ["test": before]), root: scratch.root,
            objects: ObjectStore(folder: scratch.root + "/objects"), secrets: Secrets(), version: "1", stages: [])
        let attempt = Attempt(run: "p-1", token: "t", approved: Preview(package: String(repeating: "a", count: 64)))
        guard case .failed(let failure) = await executor.execute(gate, input: [:], attempt: attempt) else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.kind == .rejected)
        #expect(failure.code == "gate/not-promoted-before")
    }

    @Test func theSecretsFileIsReadAndItsMistakesDoNotShowIt() async throws {
        try scratch.write("# comment\nTOKEN = s3cret-value\nOTHER=x=y\n", to: "good.env")
        try scratch.write("s3cret-without-name\n", to: "bad.env")
        func outcome(_ file: String, _ text: String) async throws -> StageOutcome {
            let place = EnvironmentFile(name: "prod", target: .directory(path: "prod"), secretsFile: file)
            var step = step
            step.environment = "prod"
            step.input = try Argument(["text": .string(text)])
            let executor = LocalExecutor(
                plan: Plan(pipeline: "p", steps: [step], environments: ["prod": place]), root: scratch.root,
                objects: ObjectStore(folder: scratch.root + "/objects"), secrets: Secrets(), version: "1",
                stages: [Echo.self])
            return await executor.execute(
                step, input: ["text": .string(text)], attempt: Attempt(run: "p-1", token: "t"))
        }
        #expect(try await outcome("good.env", "${{ secrets.OTHER }}") == .succeeded(["text": "x=y"]))
        guard case .failed(let failure) = try await outcome("bad.env", "x") else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.message == "line 1 of the secrets file 'bad.env' is not NAME=value")
    }
}
