/// Why a call stayed throttled.
struct Throttling: Sendable, Hashable {
    enum Cause: Sendable, Hashable {
        /// The backend did not say how long to wait.
        case noTime
        /// It asked for more seconds than the run waits at most.
        case tooLong(Double)
        /// It was still throttled after so many repetitions.
        case exhausted(Int)
        /// Others before it stayed throttled too, so that it was not made again.
        case given
    }

    var cause: Cause
    /// 429, or 503 with a time to come again.
    var status = 429
    /// The seconds that the backend asked to be left alone, where it said so.
    var wait: Double?

    /// The reason, lower case, without a full stop.
    var reason: String {
        switch cause {
        case .noTime: "no usable Retry-After says how long to wait"
        case .tooLong(let seconds): "Retry-After \(Self.text(seconds)) s is longer than is waited"
        case .exhausted(let retries):
            "still so after \(retries) \(retries == 1 ? "repetition" : "repetitions")"
        case .given: "not repeated, because the cases before stayed throttled"
        }
    }

    /// What the answer was, for people.
    var text: String { "throttled (\(status)); \(reason)" }

    /// The line for a run in which cases stayed throttled; nil where none did.
    static func note(_ all: [Throttling]) -> String? {
        guard !all.isEmpty else { return nil }
        func rank(_ cause: Cause) -> (Int, Double) {
            switch cause {
            case .tooLong(let seconds): (3, seconds)
            case .exhausted(let retries): (2, Double(retries))
            case .noTime: (1, 0)
            case .given: (0, 0)
            }
        }
        let reason = all.max { rank($0.cause) < rank($1.cause) }?.reason ?? ""
        let statuses = Set(all.map(\.status)).sorted().map(String.init).joined(separator: ", ")
        return "\(all.count) \(all.count == 1 ? "case was" : "cases were") throttled (\(statuses)); \(reason)"
    }

    private static func text(_ seconds: Double) -> String {
        // A number that no clock holds is shown as it is.
        seconds < 1e12 ? String(Int(seconds.rounded(.up))) : "\(seconds)"
    }
}
