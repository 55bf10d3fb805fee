import Foundation
import Synchronization

/// One kind of fault, tried many times.
protocol Row: Sendable {
    var name: String { get }
    var meaning: String { get }
    /// The faults to try in this order, each by the text that names it in a violation.
    func points(_ laboratory: Laboratory, _ random: inout SeededGenerator) -> [String]
    /// Tries one, and says what was wrong.
    func attempt(_ point: String, _ laboratory: Laboratory, _ trial: (Int) throws -> Trial) throws
    /// Why it cannot be tried here; nil when it can.
    func hindrance(_ laboratory: Laboratory) -> String?
}

extension Row {
    func hindrance(_ laboratory: Laboratory) -> String? { nil }
}

/// What came of a row.
struct Tally: Sendable {
    var row: String
    var meaning: String
    var planned = 0
    var tried = 0
    /// Processes that a fault reached.
    var hits = 0
    /// How often a person was asked whether an effect happened.
    var questions = 0
    var violations: [(point: String, texts: [String], history: [String])] = []
    var skipped: String?
    var seconds = 0.0
}

/// Tries the points of a row, several at once, until they are all tried or the time is up.
struct Runner: Sendable {
    let laboratory: Laboratory

    /// The faults of a row, or the one that was asked for.
    static func points(of row: any Row, _ laboratory: Laboratory) -> [String] {
        if let point = laboratory.options.point { return [point] }
        var random = SeededGenerator(laboratory.options.seed ^ row.name.utf8.reduce(5381) { ($0 &* 33) &+ UInt64($1) })
        return row.points(laboratory, &random)
    }

    func run(_ row: any Row, seconds: Double) -> Tally {
        var tally = Tally(row: row.name, meaning: row.meaning)
        if let hindrance = row.hindrance(laboratory) {
            tally.skipped = hindrance
            return tally
        }
        let options = laboratory.options
        let points = Self.points(of: row, laboratory)
        tally.planned = points.count
        let shared = Mutex((next: 0, tally: tally))
        let begin = ContinuousClock.now
        let deadline = begin + .seconds(seconds)
        DispatchQueue.concurrentPerform(iterations: options.jobs) { worker in
            while ContinuousClock.now < deadline {
                let index = shared.withLock { state in
                    state.next += 1
                    return state.next - 1
                }
                guard index < points.count else { return }
                var trial: Trial?
                var problems: [String] = []
                do {
                    try row.attempt(points[index], laboratory) { station in
                        let made = try laboratory.trial("\(row.name)-\(index)", station: station)
                        trial = made
                        return made
                    }
                } catch {
                    problems.append("\(error)")
                }
                problems = (trial?.violations ?? []) + problems
                let found = problems
                let history = trial?.history ?? []
                let counts = (trial?.hits ?? 0, trial?.questions ?? 0)
                trial?.release()
                if found.isEmpty || !options.keeps { trial?.remove() }
                shared.withLock { state in
                    state.tally.tried += 1
                    state.tally.hits += counts.0
                    state.tally.questions += counts.1
                    if !found.isEmpty { state.tally.violations.append((points[index], found, history)) }
                }
            }
        }
        tally = shared.withLock(\.tally)
        let parts = (ContinuousClock.now - begin).components
        tally.seconds = Double(parts.seconds)
        return tally
    }
}
