/// How much an operation or property promises to stay as it is.
enum Stability: String, Comparable {
    case draft, alpha, beta, stable

    /// Reads the value of `x-stability-level`; nothing said is stable, an unknown word is nil.
    init?(_ text: String?) {
        guard let text else {
            self = .stable
            return
        }
        self.init(rawValue: text)
    }

    private var rank: Int {
        switch self {
        case .draft: 0
        case .alpha: 1
        case .beta: 2
        case .stable: 3
        }
    }

    static func < (left: Stability, right: Stability) -> Bool { left.rank < right.rank }
}
