/// Shares for people.
enum PercentText {
    /// `98.5 %`; never rounded up to 100 or down to a limit that was not met.
    static func text(_ share: Double) -> String {
        let hundredths = (share * 10_000 + 1e-6).rounded(.down) / 100
        return hundredths == hundredths.rounded() ? "\(Int(hundredths)) %" : "\(hundredths) %"
    }
}
