import Histogram

/// The latencies of one kind of call, to three digits from a microsecond to an hour.
struct Latencies {
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: .three)

    mutating func record(_ seconds: Double) {
        _ = histogram.record(UInt64(max(1, min(seconds * 1_000_000, 3_600_000_000))))
    }

    var count: Int { Int(histogram.totalCount) }

    /// The percentile in seconds; nil without a sample.
    func percentile(_ percentile: Double) -> Double? {
        count == 0 ? nil : Double(histogram.valueAtPercentile(percentile)) / 1_000_000
    }

    var maximum: Double? { count == 0 ? nil : Double(histogram.max) / 1_000_000 }

    /// How many took longer.
    func slower(than seconds: Double) -> Int {
        let limit = histogram.highestEquivalentForValue(UInt64(max(0, min(seconds * 1_000_000, 3_590_000_000))))
        return Int(histogram.count(within: (limit + 1)...3_600_000_000))
    }

    /// The figures for the report.
    var summary: LatencySummary? {
        guard let p50 = percentile(50), let p95 = percentile(95), let p99 = percentile(99), let maximum else {
            return nil
        }
        return LatencySummary(samples: count, p50: p50, p95: p95, p99: p99, max: maximum)
    }
}
