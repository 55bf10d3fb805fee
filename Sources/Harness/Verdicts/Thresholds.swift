/// The limits that a run must keep: shares at least, times at most.
public struct Thresholds: Sendable, Hashable {
    /// Why a threshold cannot be read.
    public struct Problem: Error, Sendable, Hashable {
        /// Lower case, without a full stop.
        public var message: String
    }

    /// Shares from 0 to 1 and times in seconds.
    public private(set) var limits: [Metric: Double]

    /// The share of successful calls that holds where none is set.
    public static let standardSuccess = 0.99

    /// Limits; a success of 99 % is demanded unless another is set.
    public init(_ limits: [Metric: Double] = [:]) {
        self.limits = limits.merging([.success: Self.standardSuccess]) { given, _ in given }
    }

    /// Reads texts such as `success: 99%` and `readP95: 750ms`.
    public init(texts: [(name: String, text: String)]) throws(Problem) {
        var limits: [Metric: Double] = [:]
        for (name, text) in texts {
            guard let metric = Metric(rawValue: name) else {
                let known = Metric.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(message: "there is no threshold '\(name)'; there are \(known)")
            }
            guard let limit = metric.isShare ? Self.share(text) : LatencyText.seconds(text) else {
                let shape = metric.isShare ? "a share such as 99%" : "a time such as 750ms"
                throw Problem(message: "the threshold '\(name)' is '\(text)', not \(shape)")
            }
            limits[metric] = limit
        }
        self.init(limits)
    }

    /// `99%`, `99.5 %` or `0.99`.
    static func share(_ text: String) -> Double? {
        let trimmed = text.filter { !$0.isWhitespace }
        let isPercent = trimmed.hasSuffix("%")
        guard let number = Double(isPercent ? trimmed.dropLast() : trimmed[...]), number.isFinite else { return nil }
        let share = isPercent ? number / 100 : number
        return (0...1).contains(share) ? share : nil
    }
}
