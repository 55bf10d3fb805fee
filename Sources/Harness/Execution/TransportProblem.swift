/// Why a call got no answer.
enum TransportProblem: Error, Sendable {
    /// No connection came about.
    case unreachable(String)
    /// No answer within the seconds.
    case timeout(Double)
    /// The connection broke, or what came was no HTTP.
    case broken(String)

    var message: String {
        switch self {
        case .unreachable(let cause): "the backend cannot be reached: \(cause)"
        case .timeout(let seconds): "no answer within \(LatencyText.text(seconds))"
        case .broken(let cause): "the connection broke: \(cause)"
        }
    }
}
