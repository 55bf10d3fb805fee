import Engine
import Foundation

extension RunState {
    /// The fold of a run in which these things happened, a second apart.
    init(_ creation: RunCreation, then kinds: [RunEvent.Kind], from time: Date) throws {
        var line = LedgerLine(RunEvent(sequence: 1, time: time, previous: "", kind: .created(creation)))
        try self.init(line)
        for (index, kind) in kinds.enumerated() {
            line = LedgerLine(
                RunEvent(
                    sequence: index + 2, time: time.addingTimeInterval(Double(index + 1)), previous: line.hash,
                    kind: kind))
            try apply(line)
        }
    }
}
