import Engine
import Pipelines

import struct Foundation.Date

extension RunState {
    /// How people may go on at a gate that waits for them, a line each.
    func waysOn(at step: Step, now: Date) -> [String] {
        if let impasse = impasse(at: step, now: now) { return [impasse.line] }
        let sign = step.wantsSignature ? " --sign ~/.ssh/id_ed25519" : ""
        var lines = ["decide  almrun approve \(run) \(step.id) --comment \"...\"\(sign)   (or reject)"]
        if let bypass = pendingBypass(of: step.id), !bypass.may.isEmpty {
            lines.append(
                "bypass  almrun bypass \(run) \(step.id) --reason \"...\"\(sign)   (one more of '\(bypass.role)': "
                    + "\(bypass.may.joined(separator: ", ")))")
        }
        return lines
    }
}
