import Pipelines

import struct Foundation.Date

extension RunState {
    /// What is wrong with an event that opens a gate which asks no people, as after "event 7 opens 'x', and"; nil when
    /// all that the ledger knows speaks for it.
    func complaint(aboutOpening gate: Step, at time: Date) -> String? {
        guard case .gate(let kind) = gate.work, bypass(of: gate) == nil else { return nil }
        switch kind {
        case .approval: return nil
        case .preview, .eligible:
            return self[gate.id]?.status == .running ? nil : "nobody had begun to look at what it asks for"
        case .evidence(let policy):
            let missing = EvidenceStanding(policy, step: gate, in: self, now: time).items.first { $0.verdict != .good }
            return missing?.message
        case .window(let windows, let freezes):
            // Times in the ledger are rounded.
            for now in [time, time.addingTimeInterval(1)] {
                guard let opening = WindowPolicy.nextOpening(windows, freezes, after: now) else {
                    return "it has no window that ever opens"
                }
                if opening.date <= now { return nil }
            }
            let opening = WindowPolicy.nextOpening(windows, freezes, after: time)
            return "changes were not allowed then: \(opening?.reason ?? "it was shut")"
        }
    }
}
