public import Pipelines

public import struct Foundation.Date

extension RunID {
    /// A new name: the pipeline, the time in UTC and four random characters.
    public static func new(
        for plan: Plan, at now: Date, using random: inout some RandomNumberGenerator
    ) -> RunID {
        let digits = EventTime.text(now).filter(\.isNumber)
        let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")
        let suffix = (0..<4).compactMap { _ in alphabet.randomElement(using: &random) }
        return RunID("\(plan.pipeline)-\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))-\(String(suffix))")
    }
}
