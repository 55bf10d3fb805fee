import OrderedCollections
import Pipelines

import struct Foundation.Date

/// What the gates of a run that is taken up ask about.
extension RunDrive {
    /// Begins a new round where what gates ask about is not what would happen now, before anybody decides on it.
    mutating func lookAtGatesAnew() async throws {
        guard state.cancelRequest == nil else { return }
        for guarded in state.stepsToLookAtAnew(now: now) {
            guard let gate = state.previewGate(of: guarded) else { continue }
            let present = await executor.foresee(guarded, in: state)
            if case .unknown(let failure)? = present {
                runner.observe(
                    .remark("what the gates of '\(guarded)' ask about was not looked at anew: \(failure.message)"))
            }
            let changes = state.drift(at: gate, to: present)
            guard !changes.isEmpty else { continue }
            try await write { drive in
                // Somebody may have decided meanwhile.
                guard let known = drive.state[guarded],
                    drive.state.isToBeLookedAtAnew(guarded, now: drive.now)
                else { return }
                let gates = (drive.state.gates[guarded] ?? []).map { drive.state.plan.steps[$0].id }
                try drive.stage(
                    .voided(
                        guarded, gates: gates, changed: changes, parts: drive.state.changedParts(at: gate, to: present),
                        round: known.round + 1))
            }
        }
    }

    /// Asks again where a gate opened because of what another environment holds: that it did only the ledger says.
    mutating func askEnvironmentsAnew() async throws {
        guard state.cancelRequest == nil else { return }
        for (number, gate) in zip(state.plan.steps.indices, state.plan.steps) {
            guard case .gate(.eligible) = gate.work, isOpenByLedger(number), let guarded = gate.guarding,
                let objection = await objection(to: gate, before: guarded)
            else { continue }
            if state[guarded]?.isInDoubt == true {
                ineligible[guarded, default: []].append(objection)
                continue
            }
            try await write { drive in
                guard drive.isOpenByLedger(number), let known = drive.state[guarded] else { return }
                let gates = (drive.state.gates[guarded] ?? []).map { drive.state.plan.steps[$0].id }
                // What comes after it waits for it again; what people said there still counts where nothing changed.
                try drive.stage(
                    .voided(
                        guarded, gates: Array(gates.drop { $0 != gate.id }), changed: [objection],
                        round: known.round + 1))
            }
        }
    }

    private func isOpenByLedger(_ number: Int) -> Bool {
        let gate = state.plan.steps[number]
        guard state.steps[number].status == .succeeded, state.bypass(of: gate) == nil else { return false }
        return gate.guarding.flatMap { state[$0] }.map { $0.status == .pending } ?? false
    }

    /// Why the gate would not open now; nil when it would.
    private func objection(to gate: Step, before guarded: StepID) async -> String? {
        guard let input = try? state.resolve(state.input(of: gate)) else { return nil }
        let attempt = Attempt(
            run: state.run, requester: state.requester, token: "preview", approved: state.preview(for: guarded),
            commit: state.commit)
        switch await executor.execute(gate, input: input, attempt: attempt) {
        case .succeeded, .found, .cancelled: return nil
        case .failed(let failure): return failure.message
        case .suspended(let suspension): return suspension.message
        }
    }
}

extension Runner {
    /// When an environment may be changed by the time of the ledger and by the clock: an event that says a later time than it
    /// is opens no window before its time.
    var openingByClock: Decider.WindowOpening {
        { [opening, clock] windows, freezes, now in
            guard let told = opening(windows, freezes, now) else { return nil }
            let clock = EventTime.rounded(clock.now())
            guard clock < now else { return told }
            guard let real = opening(windows, freezes, clock) else { return nil }
            let later = now.addingTimeInterval(real.date.timeIntervalSince(clock))
            guard real.date > clock, later > told.date else { return told }
            return WindowPolicy.Opening(date: later, isOpen: false, reason: real.reason)
        }
    }
}
