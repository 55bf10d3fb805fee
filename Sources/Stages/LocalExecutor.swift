import Crypto
public import Documents
public import Engine
import Environments
public import Foundation
import Git
import OrderedCollections
public import Pipelines

/// Carries steps out in this process: looks the stage up, gives it its inputs, and turns what happens into an outcome.
public struct LocalExecutor: StageExecutor {
    private let plan: Plan
    let root: String
    private let objects: ObjectStore
    private let secrets: Secrets
    private let version: String
    private let stages: [String: any Stage.Type]
    /// The steps that gates stand before.
    private let guarded: [StepID: Step]
    private let now: @Sendable () -> Date
    private let isAtWork: Bool
    private let files: (any FileExamination)?

    /// - Parameters:
    ///   - root: Absolute path of the repository's root.
    ///   - secrets: Those of the process environment; an environment's secrets file adds to them.
    ///   - version: almrun's own; a kept result of another version is not reused.
    ///   - isAtWork: Whether a run is carried out, and not only looked at.
    ///   - files: Shown what a package is made of, or what is judged, as it was read; nil where nobody wants to know.
    public init(
        plan: Plan, root: String, objects: ObjectStore, secrets: Secrets, version: String,
        stages: [any Stage.Type] = BuiltinStages.all, now: @escaping @Sendable () -> Date = { Date() },
        isAtWork: Bool = false, files: (any FileExamination)? = nil
    ) {
        self.plan = plan
        self.root = root
        self.objects = objects
        self.secrets = secrets
        self.version = version
        self.stages = Dictionary(stages.map { ($0.description.kind, $0) }) { first, _ in first }
        let guarded = Set(plan.steps.compactMap(\.guarding))
        self.guarded = Dictionary(plan.steps.filter { guarded.contains($0.id) }.map { ($0.id, $0) }) { first, _ in first
        }
        self.now = now
        self.isAtWork = isAtWork
        self.files = files
    }

    public func execute(_ step: Step, input: Value, attempt: Attempt) async -> StageOutcome {
        let secrets: Secrets
        do {
            secrets = try self.secrets(for: step)
        } catch {
            return Self.unasked(error, step, attempt)
        }
        do {
            let outcome = try await carryOut(step, input, attempt, context(step, attempt, secrets))
            switch outcome {
            case .succeeded(let output), .found(let output): files?.learn(output, of: step.id)
            default: break
            }
            return Self.masked(outcome, secrets)
        } catch is CancellationError {
            return .cancelled
        } catch {
            return Task.isCancelled ? .cancelled : Self.masked(.failed(Self.failure(error)), secrets)
        }
    }

    public func mayReuse(_ step: Step) -> Bool {
        guard case .stage(let kind) = step.work, let stage = stages[kind] else { return false }
        return stage.description.effect == .none
    }

    public func inputDigest(of step: Step, input: Value) async -> String? {
        guard case .stage(let kind) = step.work, let stage = stages[kind], stage.description.effect == .none else {
            return nil
        }
        var hash = SHA256()
        hash.update(data: Data("\(version)\n\(kind)\n\(input.canonicalJSON)\n".utf8))
        if step.environment != nil {
            // A stage may compare its environment with the others, so all of them count.
            guard let value = try? ValueEncoder().encode(plan.environments) else { return nil }
            hash.update(data: Data("\(step.environment ?? "")\n\(value.canonicalJSON)\n".utf8))
        }
        // What a package of another run was made of is another question, which is asked of that run.
        let isJudged = files != nil && !stage.description.outputs.contains { $0.type == .package }
        for field in stage.description.inputs where field.type == .path {
            guard let relative = input[field.name]?.string, !relative.isEmpty else { continue }
            guard let digest = digest(of: relative, isJudged) else { return nil }
            hash.update(data: Data("\(field.name)\n\(digest)\n".utf8))
        }
        guard let companions = try? Self.companions(stage, input, root) else { return nil }
        for companion in companions {
            guard let digest = digest(of: companion, isJudged) else { return nil }
            hash.update(data: Data("+\(companion)\n\(digest)\n".utf8))
        }
        return hexadecimal(hash.finalize())
    }

    /// Nil for a path that cannot be read, or may not be: then the stage fails with its own words, and nothing is reused.
    private func digest(of relative: String, _ isJudged: Bool) -> String? {
        guard isJudged else { return try? ContentDigest.of(relative, in: root).digest }
        guard let found = try? ContentDigest.of(relative, in: root, keeping: true),
            (try? files?.examine(ReadFiles(relative, contents: found.contents))) != nil
        else { return nil }
        return found.digest
    }

    public func isAvailable(_ output: Value) async -> Bool {
        let digests = [output["package"]?["digest"]?.string, output["report"]?.string].compactMap { $0 }
        // A damaged object is as good as none: the step makes it anew.
        return digests.allSatisfy { digest in
            objects.touch(digest)
            return (try? objects.read(digest)) != nil
        }
    }

    static func companions<S: Stage>(_ stage: S.Type, _ input: Value, _ root: String) throws -> [String] {
        try stage.companions(of: try ValueDecoder().decode(S.Input.self, from: input), root: root)
    }

    // MARK: - One step

    private func carryOut(
        _ step: Step, _ input: Value, _ attempt: Attempt, _ context: StageContext
    ) async throws -> StageOutcome {
        switch step.work {
        case .stage(let kind):
            let stage: any Stage.Type
            do {
                stage = try lookUp(kind)
            } catch {
                return Self.unasked(error, step, attempt)
            }
            return try await run(stage.init(), input, attempt, context)
        case .gate(.preview):
            guard let guarded = step.guarding.flatMap({ self.guarded[$0] }), case .stage(let kind) = guarded.work else {
                throw StageFailure(.broken, "plan/gate-without-stage", "gate '\(step.id)' guards no stage")
            }
            let stage = try lookUp(kind)
            var context = context
            context.step = guarded
            context.environment = guarded.environment.flatMap { plan.environments[$0] }
            context.mayPrepareTarget = isAtWork
            let preview = try await Self.preview(stage.init(), input, context)
            context.log(preview.summary)
            for change in preview.changes { context.log("  \(change)") }
            return .succeeded(try ValueEncoder().encode(preview))
        case .gate(.eligible(let after, let soak)):
            return try await eligibility(step, after, soak, attempt)
        case .gate(.evidence), .gate(.approval), .gate(.window):
            throw StageFailure(.broken, "engine/gate", "gate '\(step.id)' is decided by the engine, not carried out")
        }
    }

    private func lookUp(_ kind: String) throws(StageFailure) -> any Stage.Type {
        guard let stage = stages[kind] else {
            throw StageFailure(
                .broken, "stage/unknown-kind", "this almrun has no stage of kind '\(kind)'",
                notes: ["the run was planned by another version"])
        }
        return stage
    }

    private func run<S: Stage>(
        _ stage: S, _ input: Value, _ attempt: Attempt, _ context: StageContext
    ) async throws -> StageOutcome {
        let typed: S.Input
        do {
            typed = try ValueDecoder().decode(S.Input.self, from: input)
        } catch {
            let failure = StageFailure(
                .broken, "stage/inputs", "the inputs of '\(context.step.id)' do not fit its stage: \(error)")
            return Self.unasked(failure, context.step, attempt)
        }
        if attempt.recovering {
            switch try await Self.look(stage, typed, context) {
            case .completed(let output):
                context.log("an earlier attempt had done it; its result is kept")
                return .found(try ValueEncoder().encode(output))
            case .notStarted:
                attempt.looked()
                // Who was told to stop while it looked may not be waited for any more.
                try Task.checkCancellation()
                guard attempt.shut.isEmpty else {
                    throw StageFailure(
                        .stale, "gate/shut", "a gate before it is not open any more, and nothing was done",
                        notes: attempt.shut)
                }
                guard !attempt.looksOnly else {
                    throw StageFailure(
                        .transient, StageFailure.timeoutCode, "the attempt took too long, and did not take effect")
                }
            case .unknown(let reason): return .uncertain(reason)
            }
        }
        return try await Self.work(stage, typed, context)
    }

    private static func preview<S: Stage>(_ stage: S, _ input: Value, _ context: StageContext) async throws -> Preview {
        try await stage.preview(try ValueDecoder().decode(S.Input.self, from: input), in: context)
    }

    private func eligibility(
        _ step: Step, _ after: String?, _ soak: Double, _ attempt: Attempt
    ) async throws -> StageOutcome {
        guard let after else { return .succeeded(["eligible": true]) }
        guard let digest = attempt.approved?.package else {
            throw StageFailure(.broken, "gate/no-package", "gate '\(step.id)' does not know which package it is about")
        }
        guard let place = plan.environments[after] else {
            throw StageFailure(.broken, "gate/unknown-environment", "environment '\(after)' is not in the plan")
        }
        let target = step.environment ?? "the environment"
        let before = try EnvironmentTargets.directory(place, root: root)
        let state = try await before.state()
        if let objection = try await before.objection(toHistoryOf: digest) {
            throw StageFailure(
                .rejected, "gate/other-history", "what '\(after)' had is not known: \(objection)",
                notes: ["`almrun doctor` says more; put its files back from a copy"])
        }
        switch Eligibility(anyOf: state.verifiedDeployments(ofPackage: digest), soak: soak, now: now()) {
        case .eligible(let deployment):
            return .succeeded(["eligible": true, "since": .string(deployment.deployed.ISO8601Format())])
        case .soaking(_, let ready):
            return .suspended(
                Suspension(
                    .until(ready), code: "gate/soak",
                    message: "the package soaks in '\(after)' until \(ready.ISO8601Format())"))
        case .replacedTooEarly(let deployment):
            let back = state.wayBack(
                to: digest, solution: deployment.solution, version: deployment.version, in: after)
            throw StageFailure(
                .rejected, "gate/replaced-too-early",
                "package \(digest.prefix(12)) was replaced in '\(after)' before it had soaked there",
                notes: [
                    "it lived there for \(Int(deployment.lived(until: now()))) s of the \(Int(soak)) s that \(target) asks for",
                    back.map {
                        "`\($0)` brings it back there; once it has stayed for \(Int(soak)) s, the run can be taken up"
                    } ?? "a new run can promote it to '\(after)' again, where it then has to stay",
                ])
        case .notVerified:
            throw StageFailure(
                .rejected, "gate/not-promoted-before",
                "package \(digest.prefix(12)) is not deployed and verified in '\(after)'",
                notes: ["\(target) accepts only what '\(after)' has had: promote it there first"])
        }
    }

    // MARK: - Secrets and failures

    func context(_ step: Step, _ attempt: Attempt, _ secrets: Secrets) -> StageContext {
        var context = StageContext(
            run: attempt.run, step: step, attempt: attempt.number, root: root,
            environment: step.environment.flatMap { plan.environments[$0] },
            environments: Array(plan.environments.values), token: attempt.token, approved: attempt.approved,
            commit: attempt.commit,
            objects: objects, secrets: secrets, requester: attempt.requester, now: now,
            emit: { message in attempt.emit(Self.masked(message, secrets)) }, confirm: attempt.confirm)
        if let files { context.examine = { try files.examine($0) } }
        context.looks = attempt.looks
        context.asksPeople = plan.asksPeople(before: step.id)
        let isCompared = files != nil
        context.isOutputUsed = { [plan] name in
            // What a command made is asked for by every stage whose files are compared.
            name == "generated" && isCompared && plan.mayReadFiles(after: step.id) || plan.usesOutput(name, of: step.id)
        }
        return context
    }

    func secrets(for step: Step) throws(StageFailure) -> Secrets {
        guard let environment = step.environment.flatMap({ plan.environments[$0] }) else {
            return secrets.allowing(step.secretNames)
        }
        let names = step.secretNames.union(environment.secretNames)
        return try environment.secrets(beside: secrets, root: root).allowing(names)
    }

    private static func masked(_ message: StageMessage, _ secrets: Secrets) -> StageMessage {
        switch message {
        case .line(let line, let stream): .line(secrets.mask(line), stream)
        case .bytes(let line, let stream): .bytes(secrets.mask(line), stream)
        case .progress(let text, let share): .progress(secrets.mask(text), share)
        case .finding(let finding): .finding(masked(finding, secrets))
        }
    }

    private static func masked(_ finding: Finding, _ secrets: Secrets) -> Finding {
        var finding = finding
        finding.message = secrets.mask(finding.message)
        return finding
    }

    private static func masked(_ outcome: StageOutcome, _ secrets: Secrets) -> StageOutcome {
        switch outcome {
        case .succeeded(let value): return .succeeded(masked(value, secrets))
        case .found(let value): return .found(masked(value, secrets))
        case .failed(var failure):
            failure.message = secrets.mask(failure.message)
            failure.notes = failure.notes.map(secrets.mask)
            failure.findings = failure.findings.map { masked($0, secrets) }
            return .failed(failure)
        case .suspended(var suspension):
            suspension.message = secrets.mask(suspension.message)
            return .suspended(suspension)
        case .cancelled: return .cancelled
        }
    }

    static func masked(_ value: Value, _ secrets: Secrets) -> Value {
        switch value {
        case .string(let text): .string(secrets.mask(text))
        case .list(let items): .list(items.map { masked($0, secrets) })
        case .map(let members): .map(members.mapValues { masked($0, secrets) })
        case .null, .boolean, .integer, .number: value
        }
    }

    /// Gives any error the form in which it is kept.
    static func failure(_ error: any Error) -> StageFailure {
        switch error {
        case let failure as StageFailure: return failure
        case let rejected as Rejected:
            let errors = rejected.diagnostics.filter { $0.severity == .error }
            let first = errors.first ?? rejected.diagnostics.first
            return StageFailure(
                .rejected, first?.code ?? "document/unreadable", first?.message ?? "a file cannot be read",
                // Beside errors only these are shown among the findings.
                notes: errors.isEmpty
                    ? [] : rejected.diagnostics.filter { $0.severity != .error }.map(\.description),
                findings: rejected.diagnostics.map { Finding($0) })
        case let error as EnvironmentError: return StageFailure(error)
        case let error as GitError: return StageFailure(error)
        default: return StageFailure(.broken, "stage/error", "\(error)")
        }
    }
}
