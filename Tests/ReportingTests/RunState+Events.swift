import Engine
import Foundation

extension RunState {
    /// The fold of a run in which these things happened, a second apart or more.
    init(_ creation: RunCreation, then kinds: [RunEvent.Kind], from time: Date) throws {
        var line = LedgerLine(RunEvent(sequence: 1, time: time, previous: "", kind: .created(creation)))
        try self.init(line)
        for (index, kind) in kinds.enumerated() {
            var kind = kind
            var now = max(line.event.time, time.addingTimeInterval(Double(index + 1)))
            // What a person says has the time of its event.
            if case .decided(var decision) = kind {
                now = max(now, decision.time)
                decision.time = now
                kind = .decided(decision)
            }
            line = LedgerLine(RunEvent(sequence: index + 2, time: now, previous: line.hash, kind: kind))
            try apply(line)
        }
    }
}
