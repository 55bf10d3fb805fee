import Documents
import Engine
import OrderedCollections
import Pipelines
import Synchronization
import TestSupport
import Testing

/// Random plans, and people who take them up in part, call them off, say what became of effects, take that back, decide and
/// bypass in any order: nothing begins before what it needs, no effect happens twice, no gate opens on what ran too early,
/// and every run can be brought to a good end.
@Suite struct PeoplesActsTests {
    /// What the steps of one run change, and how they behave now.
    private final class World: Sendable {
        struct State {
            /// How often each effect happened.
            var effects: [StepID: Int] = [:]
            /// Steps that fail until they are mended.
            var broken: Set<StepID> = []
            /// Steps of which nobody can tell what they did the next time, and whether they took effect.
            var dying: [StepID: Bool] = [:]
            /// Steps that work until they are told to stop, and those of them that have begun.
            var hanging: Set<StepID> = []
            var hung: Set<StepID> = []
            /// Whether a probe tells what became of an effect.
            var isProbed = false
        }

        let state = Mutex(State())

        var truth: [StepID: Int] { state.withLock { $0.effects } }
    }

    /// How often each kind of act was done and taken: what is to be survived did happen.
    private struct Tally {
        var taken: [String: Int] = [:]
        var refused = 0
        /// Gates that opened on what was shown behind a word that was taken back.
        var shownAnew = 0
    }

    @Test(arguments: 0..<8) func whateverPeopleDo(_ block: UInt64) async throws {
        var tally = Tally()
        for seed in (block * 40)..<(block * 40 + 40) { try await scenario(seed, &tally) }
        for act in ["cancel", "stop", "resume", "rerun", "takeBack", "assume", "approve", "reject"] {
            #expect(tally.taken[act, default: 0] > 0, "\(act): \(tally.taken)")
        }
        #expect(tally.refused > 0 && tally.shownAnew > 0)
    }

    private func scenario(_ seed: UInt64, _ tally: inout Tally) async throws {
        var random = SeededRandom(seed: seed &* 6151 &+ 11)
        let world = World()
        var bench = Bench(Self.executor(world))
        bench.settings.width = 1 + random.below(4)
        let plan = Self.plan(&random)
        Self.disturb(plan, world, &random)
        _ = try await bench.start(plan)
        var acts: [String] = []
        for _ in 0..<14 {
            let state = try await bench.state
            if state.status == .succeeded { break }
            guard let act = Self.choose(state, &random) else { continue }
            acts.append("\(act)")
            do {
                try await Self.perform(act, bench, world, &random)
                tally.taken[act.word, default: 0] += 1
            } catch is Refusal {
                // What is refused changes nothing.
                tally.refused += 1
                #expect(try await bench.state.sequence == state.sequence, "seed \(seed): \(acts)")
            }
            if random.below(3) == 0 { Self.disturb(plan, world, &random) }
        }
        let note: Comment = "seed \(seed): \(acts)"
        try await Self.bringToAnEnd(bench, world, note)
        let lines = try await bench.store.events(of: "r1", after: 0)
        try Self.checkOrder(lines, plan, note)
        try Self.checkEvidence(lines, plan, &tally, note)
        let end = try await bench.state
        for step in plan.steps where step.effect == .once && !step.isFinally {
            let status = end[step.id]?.status
            #expect(
                world.truth[step.id, default: 0] == (status == .skipped ? 0 : 1),
                "\(note): \(step.id) is \(String(describing: status))")
        }
        #expect(bench.executor.violations == [], note)
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.isSound, "\(note): \(found.text)")
    }

    // MARK: What people do

    private enum Act {
        case resume, cancel
        case stop(StepID)
        case rerun([StepID])
        case takeBack(StepID)
        case assume(StepID)
        case approve(StepID)
        case reject(StepID)
        case bypass(StepID)

        var word: String { String("\(self)".prefix { $0 != "(" }) }
    }

    private static func choose(_ state: RunState, _ random: inout SeededRandom) -> Act? {
        let all = zip(state.plan.steps, state.steps)
        let unsure = all.filter { $1.status == .uncertain }.map(\.0.id)
        let asking = all.filter { step, known in
            guard case .gate(.approval) = step.work else { return false }
            return known.status == .waiting
        }.map(\.0.id)
        let assumed = all.filter { _, known in
            if case .assumed(done: true, _, _)? = known.reason { known.status == .succeeded } else { false }
        }.map(\.0.id)
        let shut = all.filter { step, known in
            guard case .gate(.evidence) = step.work else { return false }
            return known.status == .failed
        }.map(\.0.id)
        var acts: [Act] = [.resume]
        if !state.status.isFinished { acts.append(.cancel) }
        // Cleaning up is not stopped by a cancel.
        if let step = state.plan.steps.filter({ !$0.isFinally }).randomElement(using: &random), case .stage = step.work
        {
            acts.append(.stop(step.id))
        }
        for id in unsure { acts += [.assume(id), .assume(id)] }
        for id in asking { acts += [.approve(id), .approve(id), .reject(id)] }
        for id in assumed { acts += [.takeBack(id), .takeBack(id)] }
        for id in shut { acts.append(.bypass(id)) }
        let badly = state.rerunnable
        if let one = badly.randomElement(using: &random), let other = badly.randomElement(using: &random) {
            acts += [.rerun([one]), .rerun([one]), .rerun(one == other ? [one] : [one, other])]
        }
        return acts.randomElement(using: &random)
    }

    private static func perform(_ act: Act, _ bench: Bench, _ world: World, _ random: inout SeededRandom) async throws {
        switch act {
        case .resume: _ = try await bench.resume()
        case .cancel: _ = try await bench.runner.cancel("r1", by: "bob@contoso.com", reason: "wrong one")
        case .stop(let step):
            // Somebody calls the run off while this step works.
            world.state.withLock { ($0.hanging, $0.hung) = ([step], []) }
            defer { world.state.withLock { $0.hanging = [] } }
            let done = Mutex(false)
            let work = Task { [bench] in
                defer { done.withLock { $0 = true } }
                return try await bench.resume()
            }
            while !done.withLock({ $0 }), world.state.withLock({ $0.hung.isEmpty }) { await Task.yield() }
            if !done.withLock({ $0 }) { try await bench.decisions.cancel("r1", by: "bob@contoso.com") }
            _ = try await work.value
        case .rerun(let steps): _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: steps)
        case .takeBack(let step): _ = try await bench.runner.resume("r1", by: "eve@contoso.com", only: [step])
        case .assume(let step): _ = try await bench.resume("r1", [truth(of: step, world)])
        case .approve(let gate): try await bench.decisions.approve("r1", gate, by: random.below(2) == 0 ? .ann : .bob)
        case .reject(let gate): try await bench.decisions.reject("r1", gate, by: .ann, comment: "not this one")
        case .bypass(let gate): try await bench.decisions.bypass("r1", gate, by: .boss, reason: "INC-1")
        }
    }

    private static func truth(of step: StepID, _ world: World) -> Assumption {
        Assumption(step: step, isDone: world.truth[step, default: 0] > 0)
    }

    /// Everything is mended, and people say what is asked of them: then the run ends well.
    private static func bringToAnEnd(_ bench: Bench, _ world: World, _ note: Comment) async throws {
        world.state.withLock { ($0.broken, $0.dying) = ([], [:]) }
        for turn in 0..<40 {
            let state = try await bench.state
            if state.status == .succeeded { return }
            for (step, known) in zip(state.plan.steps, state.steps) {
                switch (step.work, known.status) {
                case (.gate(.approval), .waiting):
                    // A no that stands ends the run first.
                    do { try await bench.decisions.approve("r1", step.id, by: .bob) } catch is Refusal {}
                case (.gate(.evidence), .failed) where turn > 3:
                    do { try await bench.decisions.bypass("r1", step.id, by: .boss, reason: "INC-1") } catch is Refusal
                    {}
                default: break
                }
            }
            let unsure = zip(state.plan.steps, state.steps).filter { $1.status == .uncertain }.map(\.0.id)
            _ = try await bench.resume("r1", state.status.isFinished ? [] : unsure.map { truth(of: $0, world) })
        }
        let state = try await bench.state
        Issue.record("\(note): it stays \(state.status): \(state.statuses)")
    }

    // MARK: What they do it to

    private static func disturb(_ plan: Plan, _ world: World, _ random: inout SeededRandom) {
        world.state.withLock { state in
            state.isProbed = random.below(3) == 0
            for step in plan.steps {
                guard case .stage = step.work else { continue }
                if random.below(4) == 0 { state.broken.insert(step.id) } else { state.broken.remove(step.id) }
                state.dying[step.id] = step.effect == .once && random.below(4) == 0 ? random.below(2) == 0 : nil
            }
        }
    }

    private static func executor(_ world: World) -> ScriptedExecutor {
        let doubt = Suspension(.uncertainEffect, code: "run/uncertain-effect", message: "nobody knows")
        return ScriptedExecutor { step, _, attempt in
            if case .gate = step.work {
                return .succeeded(["package": "p1", "plan": "d1", "summary": "", "changes": [], "details": .null])
            }
            if attempt.recovering {
                let (isProbed, isDone) = world.state.withLock { ($0.isProbed, $0.effects[step.id, default: 0] > 0) }
                if !isProbed { return .suspended(doubt) }
                if isDone { return .found(["x": 1]) }
            }
            let outcome: StageOutcome? = world.state.withLock { state in
                if state.hanging.contains(step.id) {
                    state.hung.insert(step.id)
                    return nil
                }
                if state.broken.contains(step.id) { return .failed(StageFailure(.rejected, "t/no", "no")) }
                let dies = state.dying.removeValue(forKey: step.id)
                if dies != false { state.effects[step.id, default: 0] += 1 }
                return dies == nil ? .succeeded(["x": 1]) : .suspended(doubt)
            }
            if let outcome { return outcome }
            // Until somebody calls the run off.
            try? await Task.sleep(for: .seconds(600))
            return .cancelled
        }
    }

    private static func plan(_ random: inout SeededRandom) -> Plan {
        var steps: [Step] = []
        for number in 0..<(3 + random.below(6)) {
            let id = StepID("s\(number)")
            let needs = steps.map(\.id).filter { $0 == steps.last?.id ? random.below(2) == 0 : random.below(4) == 0 }
            if random.below(4) == 0 {
                steps.append(
                    Step(
                        id: id, work: .gate(.approval(ApprovalPolicy(role: "release-manager"))), effect: .none,
                        needs: needs.map { Need($0, .declared) }))
                continue
            }
            let effect: StageDescription.Effect = [.none, .repeatable, .once, .once][random.below(4)]
            let asked = steps.filter { if case .stage = $0.work { $0.effect == .none } else { false } }.map(\.id)
            let condition = random.below(7) == 0 ? asked.first.map { when($0, "x", 2) } : nil
            steps.append(step(id, effect, needs: needs, when: condition))
        }
        var files = OrderedDictionary<String, EnvironmentFile>()
        if random.below(2) == 0 {
            let policy = EvidencePolicy(stages: ["s0"], notOlderThan: 3600)
            files["prod"] = environment(
                "prod", .init(evidence: policy, bypass: BypassPolicy(role: "bypass")))
            var group = promotion(
                ApprovalPolicy(role: "release-manager"), needs: steps.map(\.id).filter { _ in random.below(4) == 0 })
            let stages = steps.filter { if case .stage = $0.work { true } else { false } }
            let asks = (stages.filter { !$0.needs.isEmpty }.randomElement(using: &random) ?? stages.first)
            if let asks, random.below(4) > 0 {
                var evidence = gate(
                    "prod.evidence", .evidence(EvidencePolicy(stages: [asks.id.rawValue], notOlderThan: 1e6)),
                    before: "prod", after: "prod.preview")
                evidence.needs.append(Need(asks.id, .evidence))
                group[1].needs.append(Need("prod.evidence", .gate))
                group.insert(evidence, at: 1)
            }
            steps += group
        }
        steps.append(step("f0", .once, finally: true))
        if random.below(2) == 0 { steps.append(step("f1", needs: ["f0"], finally: true)) }
        return Plan(pipeline: "release", steps: steps, environments: files, roles: roles)
    }

    // MARK: What has to hold

    /// No step begins and nobody is asked before all that comes before it, however far, is done.
    private static func checkOrder(_ lines: [LedgerLine], _ plan: Plan, _ note: Comment) throws {
        var before: [StepID: Set<StepID>] = [:]
        for step in plan.steps {
            let needs = step.needs.filter { $0.reason != .evidence }.map(\.step)
            before[step.id] = needs.reduce(into: Set(needs)) { $0.formUnion(before[$1] ?? []) }
        }
        var state = try RunState(Array(lines.prefix(1)))
        for line in lines.dropFirst() {
            let begun: StepID? =
                switch line.event.kind {
                case .started(let id, _, _, _, recovering: false): id
                case .suspended(let id, let suspension): if case .approval = suspension.cause { id } else { nil }
                default: nil
                }
            if let begun, let step = state.planned(begun) {
                let open = (before[begun] ?? []).filter { id in
                    guard let status = state[id]?.status else { return true }
                    return step.isFinally ? !status.isSettled : !(status.isGood || status == .skipped)
                }
                #expect(open.isEmpty, "\(note): event \(line.event.sequence): \(begun) before \(open)")
            }
            if case .finished(.succeeded) = line.event.kind {
                let open = zip(plan.steps, state.steps).filter { step, known in
                    // Left out, as all that it holds is done.
                    if case .gate = step.work, known.status == .cancelled { return false }
                    return !known.status.isGood && known.status != .skipped
                }
                #expect(open.isEmpty, "\(note): succeeded with \(open.map(\.0.id))")
            }
            try state.apply(line)
        }
    }

    /// No gate opens on a stage that began before one that it comes after was done, and in a run that has succeeded nothing
    /// that can be done again without harm was left as it was before such a stage.
    private static func checkEvidence(
        _ lines: [LedgerLine], _ plan: Plan, _ tally: inout Tally, _ note: Comment
    ) throws {
        var before: [StepID: Set<StepID>] = [:]
        for step in plan.steps {
            let needs = step.needs.filter { $0.reason != .evidence }.map(\.step)
            before[step.id] = needs.reduce(into: Set(needs)) { $0.formUnion(before[$1] ?? []) }
        }
        /// With which event the work began and the step was done; nobody knows when it was where somebody says so.
        var (work, done, looked): ([StepID: Int], [StepID: Int], [StepID: Int]) = ([:], [:], [:])
        var state = try RunState(Array(lines.prefix(1)))
        /// What was done only after a step had begun.
        func late(before id: StepID) -> [StepID] {
            (before[id] ?? []).filter { other in
                guard case .stage? = state.planned(other)?.work, let known = state[other] else { return false }
                if known.status == .skipped { return false }
                if case .assumed(done: true, _, _)? = known.reason { return !known.status.isGood }
                return !known.status.isGood || done[other, default: .max] > work[id, default: .max]
            }
        }
        for line in lines.dropFirst() {
            let number = line.event.sequence
            switch line.event.kind {
            case .started(let id, _, _, _, let isRecovering):
                looked[id] = number
                if !isRecovering { work[id] = number }
            case .ended(let id, _, .succeeded(let output, _, _, let isFound)):
                if !isFound { work[id] = looked[id] }
                done[id] = number
                guard let gate = state.planned(id), case .gate(.evidence) = gate.work, output["bypassedBy"] == nil
                else { break }
                for need in gate.needs where need.reason == .evidence && state[need.step]?.status == .succeeded {
                    #expect(late(before: need.step).isEmpty, "\(note): event \(number): \(id) on \(need.step)")
                    if lines.contains(where: { isTakenBack($0, before[need.step] ?? []) }) { tally.shownAnew += 1 }
                }
            case .finished(.succeeded):
                for step in plan.steps where step.effect != .once && !step.isFinally {
                    guard case .stage = step.work, state[step.id]?.status == .succeeded else { continue }
                    #expect(late(before: step.id).isEmpty, "\(note): \(step.id) was skipped over")
                }
            default: break
            }
            try state.apply(line)
        }
    }

    private static func isTakenBack(_ line: LedgerLine, _ steps: Set<StepID>) -> Bool {
        if case .resumed(_, _, let only) = line.event.kind { !steps.isDisjoint(with: only) } else { false }
    }
}
