import Foundation

/// What a number of calls can prove, without assuming how latencies are distributed.
enum Binomial {
    /// The chance of at most `count` events among `samples`, each with the chance `p`.
    static func atMost(_ count: Int, of samples: Int, chance p: Double) -> Double {
        guard count < samples else { return 1 }
        guard count >= 0 else { return 0 }
        guard p > 0 else { return 1 }
        guard p < 1 else { return 0 }
        // The terms' logarithms: they stay in range where the terms themselves would not.
        var logTerm = Double(samples) * log1p(-p)
        var sum = exp(logTerm)
        for k in 0..<count {
            logTerm += log(Double(samples - k) / Double(k + 1)) + log(p) - log1p(-p)
            sum += exp(logTerm)
        }
        return min(1, sum)
    }

    /// Whether at most the share `p` misses, with 95 % confidence, when `misses` of `samples` did.
    static func proves(share p: Double, misses: Int, of samples: Int) -> Bool {
        guard p > 0, misses >= 0 else { return false }
        return samples > 0 && atMost(misses, of: samples, chance: p) <= 0.05
    }
}
