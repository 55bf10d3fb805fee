public import Documents
public import Engine
import Environments
public import Pipelines

public import struct Foundation.Date

/// What the promotions of a plan would do now, as far as their packages are known before anything runs.
public struct PlanPreview: Sendable {
    /// One promotion.
    public struct Promotion: Sendable {
        public var step: StepID
        public var environment: String
        /// What would be done; nil when it cannot be told.
        public var preview: Preview?
        /// Why it cannot be told, or what went wrong with telling it.
        public var obstacle: String?
    }

    public private(set) var promotions: [Promotion] = []

    /// Takes earlier results of stages without effects for what they would give again, and asks the environments.
    ///
    /// Nothing is written: neither to the store nor to an environment.
    public init(
        _ plan: Plan, executor: any StageExecutor, store: (any RunStore)?, requester: String, now: Date
    ) async throws {
        let creation = RunCreation(run: "preview", plan: plan, requester: requester)
        var state = try RunState(
            LedgerLine(RunEvent(sequence: 1, time: now, previous: "", kind: .created(creation))))
        var failures: [StepID: String] = [:]
        for step in plan.steps {
            guard case .stage(let kind) = step.work else { continue }
            if step.locksEnvironment, let environment = step.environment {
                promotions.append(await Self.promotion(step, environment, state, executor, failures))
            } else if step.effect == .none {
                let result: ReusedResult
                switch try await Self.result(step, kind, state, executor, store, now) {
                case .found(let found): result = found
                case .failed(let failure):
                    failures[step.id] = "\(failure.message) [\(failure.code)]"
                    continue
                case .nothing: continue
                }
                let event = RunEvent(
                    sequence: state.sequence + 1, time: now, previous: state.head, kind: .reused(step.id, result))
                try state.apply(LedgerLine(event))
            }
        }
    }

    /// What is known of a stage without effects before anything runs.
    private enum Foresight {
        case found(ReusedResult)
        case failed(StageFailure)
        case nothing
    }

    /// What a stage without effects would give: an earlier result, or for a binding, which only reads, a new one.
    private static func result(
        _ step: Step, _ kind: String, _ state: RunState, _ executor: any StageExecutor, _ store: (any RunStore)?,
        _ now: Date
    ) async throws -> Foresight {
        // What cannot be put in yet gives nothing yet.
        guard let input = try? state.resolve(step.input) else { return .nothing }
        if let digest = await executor.inputDigest(of: step, input: input),
            let earlier = try await store?.results(for: [digest])[digest], earlier.object == nil,
            await executor.isAvailable(earlier.output)
        {
            return .found(earlier)
        }
        guard kind == ConnectionsRebind.description.kind else { return .nothing }
        switch await executor.execute(step, input: input, attempt: attempt(state)) {
        case .succeeded(let output), .found(let output):
            return .found(
                ReusedResult(run: state.run, step: step.id.rawValue, time: now, inputDigest: "", output: output))
        case .failed(let failure): return .failed(failure)
        case .suspended, .cancelled: return .nothing
        }
    }

    private static func promotion(
        _ step: Step, _ environment: String, _ state: RunState, _ executor: any StageExecutor,
        _ failures: [StepID: String]
    ) async -> Promotion {
        let made = Promotion(step: step.id, environment: environment)
        guard let input = try? state.resolve(step.input) else {
            let failed = step.needs.first { failures[$0.step] != nil }
            return made.impossible(
                failed.map { "'\($0.step)' would fail: \(failures[$0.step] ?? "")" }
                    ?? "the package is not built yet: nothing with these inputs has run")
        }
        var gate = step
        gate.id = StepID("\(step.id).preview")
        gate.work = .gate(.preview)
        gate.guarding = step.id
        switch await executor.execute(gate, input: input, attempt: attempt(state)) {
        case .succeeded(let output), .found(let output):
            var promotion = made
            promotion.preview = try? ValueDecoder().decode(Preview.self, from: output)
            return promotion
        case .failed(let failure): return made.impossible("\(failure.message) [\(failure.code)]")
        case .suspended(let suspension): return made.impossible(suspension.message)
        case .cancelled: return made.impossible("it was cancelled")
        }
    }

    private static func attempt(_ state: RunState) -> Attempt {
        Attempt(run: state.run, requester: state.requester, token: "preview")
    }

    /// In lines for people.
    public var text: String {
        guard !promotions.isEmpty else { return "no stage of it changes an environment" }
        return promotions.map { promotion in
            let head = "\(promotion.step) (\(promotion.environment)): "
            guard let preview = promotion.preview else { return safeText(head + (promotion.obstacle ?? "not known")) }
            return ([head + preview.summary] + preview.changes.map { "  \($0)" }).map { safeText($0) }
                .joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// For programs.
    public var value: Value {
        get throws {
            .list(
                try promotions.map { promotion in
                    [
                        "step": .string(promotion.step.rawValue), "environment": .string(promotion.environment),
                        "preview": try promotion.preview.map { try ValueEncoder().encode($0) } ?? .null,
                        "obstacle": promotion.obstacle.map { .string($0) } ?? .null,
                    ]
                })
        }
    }
}

extension PlanPreview.Promotion {
    fileprivate func impossible(_ why: String) -> Self {
        var promotion = self
        promotion.obstacle = why
        return promotion
    }
}
