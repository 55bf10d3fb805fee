/// Why a call got no answer.
enum TransportProblem: Error, Sendable {
    /// No connection came about.
    case unreachable(String)
    /// No answer within the seconds.
    case timeout(Double)
    /// The connection broke, or what came was no answer; the whole reason.
    case broken(String)

    var message: String {
        switch self {
        case .unreachable(let cause): "the backend cannot be reached: \(cause)"
        case .timeout(let seconds): "no answer within \(Self.text(seconds))"
        case .broken(let cause): cause
        }
    }

    private static func text(_ seconds: Double) -> String {
        seconds >= 1 && seconds == seconds.rounded() ? "\(Int(seconds)) s" : LatencyText.text(seconds)
    }
}
