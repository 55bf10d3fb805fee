import Documents
import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines

/// What people have said.
extension ReadinessFacts {
    var approvalConditions: [ReadinessCondition] {
        if plan?.action == .nothing, !environment.gates.approvals.isEmpty {
            return [ReadinessCondition(.approval, .met, "nothing would change, so nobody is asked")]
        }
        return environment.gates.approvals.enumerated().map { index, policy in
            let suffix = index == 0 ? ".approval" : ".approval-\(index + 1)"
            let found = openGate { work, id in
                guard case .gate(.approval) = work else { return false }
                return id.rawValue.hasSuffix(suffix)
            }
            guard let (run, gate) = found, run.status.isFinished || !isInVain(run),
                isWay(run) || run[gate.id]?.status.isGood != true
            else {
                return unasked(policy, suffix)
            }
            return asked(policy, run, gate)
        }
    }

    /// The run that has failed or was interrupted, and would bring the package here on approvals that it keeps: the one that
    /// needs the least.
    private var failedRunWithApproval: (run: RunState, approvals: [Step])? {
        let runs = resumable
        for run in runs.filter(needsOnlyResume) + runs {
            let gates = gates(of: run).filter { if case .gate(.approval) = $0.work { true } else { false } }
            if !gates.isEmpty, gates.allSatisfy({ keeps(run, $0) }) { return (run, gates) }
        }
        return nil
    }

    /// What a gate's approvals in a run are about and is another thing now, so that they are void when it is taken up.
    func drift(of run: RunState, at gate: Step) -> [String] {
        var parts = ApprovalPolicy.Part.allCases
        if case .gate(.approval(let policy)) = gate.work, run[gate.id]?.output?["bypassedBy"] == nil {
            parts = policy.voidOn
        }
        return run.drift(at: gate, to: gate.guarding.flatMap { present[run.run]?[$0] }, parts)
    }

    private func unasked(_ policy: ApprovalPolicy, _ suffix: String) -> ReadinessCondition {
        let keeper = failedRunWithApproval.flatMap { run, gates in
            gates.first { $0.id.rawValue.hasSuffix(suffix) }.map { (run: run, gate: $0) }
        }
        if let keeper, needsOnlyResume(keeper.run) || !isStuck(keeper.run) {
            return kept(at: keeper.gate, in: keeper.run)
        }
        if let said = refusal(suffix) { return said }
        if let ended, isWay(ended), let gate = gate(suffix, of: ended), keeps(ended, gate) {
            return kept(at: gate, in: ended)
        }
        let coming = comingRun.flatMap { run in gate(suffix, of: run).map { (run: run, gate: $0) } }
        if let coming, let impasse = coming.run.impasse(before: coming.gate) {
            return nobodyLeft(impasse, policy, coming.run, coming.gate)
        }
        let faulty = trail.open.compactMap { run in faults[run.run].map { "; run \(run.run) is not taken up: \($0)" } }
        let members = (roles.members[policy.role] ?? []).filter { person in
            leavesOut(person.email, policy) == false && (policy.signed == .optional || person.key != nil)
        }
        let people = coming.map { $0.run.deciders(at: $0.gate).map(\.email) } ?? members.map(\.email)
        var not = coming.map { $0.run.othersLeftOut(at: $0.gate) } ?? ""
        if not.isEmpty, !policy.distinctFrom.isEmpty {
            not = ", not \(policy.distinctFrom.map(\.phrase).joined(separator: " or "))"
        }
        let who = people.isEmpty ? "nobody may" : people.joined(separator: ", ")
        var asking = "no run asks them about this package"
        let asks = beside.first { run in
            gates(of: run).contains { gate in
                gate.id.rawValue.hasSuffix(suffix) && run.openQuestion(gate.id, now: now) != nil
            }
        }
        if let asks {
            asking = "a new run asks them; run \(asks.run) asks about this package already"
        } else if let keeper {
            let shut = keeper.run.plan.steps.first { keeper.run[$0.id]?.status == .failed }
            let way = shut.flatMap { gate in
                keeper.run.whoMayBypass(gate).map { "`\(keeper.run.bypassCommand(at: gate))`, by \($0), then " }
            }
            let people = openers(of: keeper.gate, in: keeper.run).people
            asking =
                "a new run asks them; run \(keeper.run.run), which failed, keeps what \(people) said: "
                + "\(way ?? "")`almrun resume \(keeper.run.run)`"
        } else if let run = wayOn, isUnderWay(run) {
            asking = "run \(run.run) asks them once it has made it"
        } else if let run = openHere, isInVain(run) {
            let why = deadlock(of: run)?.text ?? "what it shows is too old"
            asking = "a new run asks them; run \(run.run) comes here no more: \(why)"
        } else if let run = openHere, isEnding(run) {
            asking = "run \(run.run) asks them anew once it has ended and is taken up"
        } else if let ended, ended.isInterrupted {
            asking = "run \(ended.run), which was interrupted, goes on with `almrun resume \(ended.run)`"
        }
        let isAsked = policy.distinctFrom.contains { if case .approvers = $0 { true } else { false } }
        let lost = trail.unreadable.map { "'\($0)'" }.joined(separator: ", ")
        let doubt = isAsked && !lost.isEmpty ? "; who approved in \(lost) is not known, as it cannot be read" : ""
        return ReadinessCondition(
            .approval, .unmet,
            "\(policy.count) of '\(policy.role)' (\(who)) must approve\(not), and \(asking)\(doubt)"
                + faulty.joined(), command: trail.open.first { faults[$0.run] != nil }.map { "almrun verify \($0.run)" }
        )
    }

    /// The approval of a run here whose name ends so.
    private func gate(_ suffix: String, of run: RunState) -> Step? {
        gates(of: run).first { $0.id.rawValue.hasSuffix(suffix) }
    }

    /// That a run which has failed or was interrupted keeps what people said.
    private func kept(at gate: Step, in run: RunState) -> ReadinessCondition {
        let (word, people) = openers(of: gate, in: run)
        let end =
            switch run.status {
            case .failed: ", which failed and keeps it"
            case .rejected: ", which was rejected and keeps it"
            case .cancelled: ", which was \(run.isInterrupted ? "interrupted" : "cancelled") and keeps it"
            case .running, .waiting, .succeeded: ""
            }
        return ReadinessCondition(
            .approval, .met, "\(word)\(people.isEmpty ? "" : " by \(people)") in run \(run.run)\(end)")
    }

    /// That people said no, or nothing, in the newest run that would have brought the package here.
    private func refusal(_ suffix: String) -> ReadinessCondition? {
        let found = endedGate { work, id in
            guard case .gate(.approval) = work else { return false }
            return id.rawValue.hasSuffix(suffix)
        }
        guard let (run, gate) = found, let known = run[gate.id], known.status == .rejected else { return nil }
        let no = known.decisions.last { $0.verdict == .reject && $0.round == known.round }
        let said = no.map(Self.text) ?? known.rejection ?? "nobody decided in time"
        return ReadinessCondition(
            .approval, .unmet, "\(said) (run \(run.run)); `almrun resume \(run.run)` asks again",
            command: "almrun why \(run.run) \(gate.id)")
    }

    static func text(of no: Decision) -> String {
        "rejected by \(no.person) on \(Timestamp.text(of: no.time))\(no.comment.map { ": \($0)" } ?? "")"
    }

    /// Whether an approval leaves a person out, as far as that is known before a run is made.
    private func leavesOut(_ person: String, _ policy: ApprovalPolicy) -> Bool {
        let email = person.lowercased()
        return policy.distinctFrom.contains { excluded in
            switch excluded {
            case .requester: requester?.lowercased() == email
            case .committers:
                trail.runs.flatMap { $0.people.committers + $0.people.uncommittedBy }.contains {
                    $0.lowercased() == email
                }
            case .approvers(let name):
                !trail.unreadable.isEmpty
                    || trail.approvals.contains { $0.environment == name && $0.person.lowercased() == email }
            }
        }
    }

    func asked(_ policy: ApprovalPolicy, _ run: RunState, _ gate: Step) -> ReadinessCondition {
        let known = run[gate.id] ?? StepState()
        let drift = drift(of: run, at: gate)
        let settlement = run.settlement(of: gate, now: now)
        if !drift.isEmpty, known.status == .succeeded || settlement?.opens == true {
            let bypass = known.output?["bypassedBy"]?.string.map { [$0] }
            let people =
                bypass ?? known.output?["approvedBy"]?.list?.compactMap(\.string)
                ?? settlement?.decisions.map(\.person)
            let word = bypass != nil || settlement?.outcome == .bypassed ? "bypassed" : "approved"
            return ReadinessCondition(
                .approval, .unmet,
                "\(word)\(people.map { " by \($0.joined(separator: ", "))" } ?? "") in run \(run.run), but "
                    + "\(drift.joined(separator: ", and ")): void when the run is taken up",
                command: "almrun resume \(run.run)")
        }
        if known.status.isGood { return given(known, run, gate) }
        if let settlement {
            // It runs out so long after the run was taken up, or earlier on words that are older.
            let end =
                settlement.outcome == .approved ? run.lapse(of: gate, openedBy: settlement.decisions, at: now) : nil
            return ReadinessCondition(
                .approval, settlement.opens ? .met : .unmet, settlement.text, goodUntil: end,
                command: settlement.opens ? nil : settlement.command)
        }
        if let end = run.expiry(of: gate, now: now) {
            return ReadinessCondition(
                .approval, .unmet,
                "\(policy.count) of '\(policy.role)' must approve, and the time to decide in run \(run.run) was over at "
                    + "\(Timestamp.text(of: end)) (\(run.shortfall(at: gate, now: now))); \(run.wayToAskAnew(at: gate))",
                command: "almrun resume \(run.run)")
        }
        let isShut = known.status == .blocked || known.status == .cancelled
        if isShut, run.status == .failed || isTakenUpMeanwhile(run) {
            if !run.isCalledOff, keeps(run, gate) { return kept(at: gate, in: run) }
            if let impasse = run.impasse(before: gate) {
                var condition = nobodyLeft(impasse, policy, run, gate)
                // It asks nobody before the run was taken up.
                if !run.status.isFinished { condition.command = nil }
                return condition
            }
            return ReadinessCondition(
                .approval, .unmet,
                "\(policy.count) of '\(policy.role)' must approve, and run \(run.run) asks them once it "
                    + "\(isEnding(run) ? "has ended and " : "")is taken up",
                command: atWork.contains(run.run) || isEnding(run)
                    ? "almrun show \(run.run)" : waysMeanwhile(run)?.last ?? "almrun resume \(run.run)")
        }
        if known.status == .rejected, run.isRerunnableNow(gate.id) {
            let again = "almrun resume \(run.run) --rerun \(gate.id)"
            return ReadinessCondition(
                .approval, .unmet,
                "\(policy.count) of '\(policy.role)' must approve, and \(known.rejection ?? "nobody decided in time") in run "
                    + "\(run.run); `\(again)` asks anew", command: again)
        }
        if let no = run.refusal(at: gate.id) {
            return ReadinessCondition(
                .approval, .unmet,
                "\(Self.text(of: no)), in run \(run.run), which goes on elsewhere; once that has ended, "
                    + "`almrun resume \(run.run)` asks again", command: "almrun show \(run.run)")
        }
        if known.status == .pending, case .approved(let given)? = run.standing(of: gate, now: now), drift.isEmpty {
            return ReadinessCondition(
                .approval, .met,
                "given by \(given.map(\.person).joined(separator: ", ")) in run \(run.run); its turn has not come")
        }
        guard let question = run.openQuestion(gate.id, now: now) else {
            return ReadinessCondition(
                .approval, .unmet,
                "\(policy.count) of '\(policy.role)' must approve; '\(gate.id)' of run \(run.run) is "
                    + "\(known.status.rawValue)", command: "almrun why \(run.run) \(gate.id)")
        }
        return open(question, policy, run, gate, drift)
    }

    /// That a gate has been opened, and by whom.
    private func given(_ known: StepState, _ run: RunState, _ gate: Step) -> ReadinessCondition {
        let bypass = known.output?["bypassedBy"]?.string
        let people =
            bypass ?? (known.output?["approvedBy"]?.list ?? []).compactMap(\.string).joined(separator: ", ")
        guard !people.isEmpty else {
            let why = known.output?["reason"]?.string ?? "nobody was asked"
            return ReadinessCondition(.approval, .met, "\(why), says run \(run.run)")
        }
        let end = run.lapse(of: gate)
        if let end, now > end {
            return ReadinessCondition(
                .approval, .unmet,
                "given by \(people) in run \(run.run), and has run out \(Timestamp.text(of: end)): asked again when the "
                    + "run is taken up", command: "almrun resume \(run.run)")
        }
        return ReadinessCondition(
            .approval, .met,
            "\(bypass == nil ? "given" : "bypassed") by \(people) in run \(run.run)"
                + (end.map { ", good until \(Timestamp.text(of: $0))" } ?? ""), goodUntil: end)
    }

    /// That a run asks people, and whom.
    private func open(
        _ question: OpenQuestion, _ policy: ApprovalPolicy, _ run: RunState, _ gate: Step, _ drift: [String]
    ) -> ReadinessCondition {
        let given = question.given.isEmpty ? "" : ", given by \(question.given.map(\.person).joined(separator: ", "))"
        let left = run.othersLeftOut(at: gate)
        let may = (question.may.isEmpty ? "nobody else may" : question.may.joined(separator: ", ") + " may") + left
        let pending = run.pendingBypass(of: gate.id, now: now).map { "; \($0.text)" } ?? ""
        let until = question.until.map { ", until \(Timestamp.text(of: $0))" } ?? ""
        return ReadinessCondition(
            .approval, .unmet,
            "\(question.missing) more of '\(policy.role)' must approve\(given); \(may); run \(run.run) asks\(until)"
                + pending + run.looseManifestNotes(at: gate).map { "; \($0)" }.joined()
                + (drift.isEmpty
                    ? "" : "; what is asked about is not what would happen: \(drift.joined(separator: ", and "))"),
            command: drift.isEmpty
                ? unreadable(gate, run) ?? run.impasse(at: gate, now: now)?.command ?? approval(run, gate)
                : "almrun resume \(run.run)")
    }

    /// What comes before anything is said at a gate of which the package cannot be read: that is refused.
    private func unreadable(_ gate: Step, _ run: RunState) -> String? {
        run.unreadable(at: gate).map { _ in "almrun doctor" }
    }

    /// A condition as it stands when the open run's gate for it was opened without what it asks for.
    func bypassed(_ condition: ReadinessCondition) -> ReadinessCondition {
        guard condition.standing != .met else { return condition }
        func isMeant(_ work: Step.Work, _: StepID) -> Bool {
            switch (condition.kind, work) {
            case (.after, .gate(.eligible)), (.soak, .gate(.eligible)), (.evidence, .gate(.evidence)),
                (.window, .gate(.window)), (.freeze, .gate(.window)):
                true
            default: false
            }
        }
        guard let (run, gate) = openGate(where: isMeant) ?? endedGate(where: isMeant) else { return condition }
        if let half = run.pendingBypass(of: gate.id, now: now) {
            var condition = condition
            condition.text += "; \(half.text) (run \(run.run))"
            if half.overtaking != nil {
                condition.command = "almrun resume \(run.run)"
            } else if !half.may.isEmpty {
                condition.command = run.bypassCommand(at: gate)
            }
            return condition
        }
        let people = run.bypasses(at: gate)
        guard !people.isEmpty, people.count >= run.bypassPolicy(at: gate).count else { return condition }
        let names = people.map(\.person).joined(separator: ", ")
        guard isWay(run) else {
            var condition = condition
            let end = wayOn?.run == run.run ? "that was called off and asks anew" : "that counts in no other run"
            condition.text += "; bypassed by \(names) in run \(run.run), but \(end)"
            return condition
        }
        let drift = drift(of: run, at: gate)
        guard drift.isEmpty else {
            var condition = condition
            condition.text +=
                "; bypassed by \(names) in run \(run.run), but \(drift.joined(separator: ", and ")): void when the run "
                + "is taken up"
            condition.command = condition.command ?? "almrun resume \(run.run)"
            return condition
        }
        return ReadinessCondition(
            condition.kind, .met, "\(condition.text); bypassed by \(names) in run \(run.run)")
    }
}

extension StepState {
    /// Why a gate was rejected.
    fileprivate var rejection: String? {
        guard case .rejected(let why)? = reason else { return nil }
        return why.replacing(" (round \(round))", with: "")
    }
}
