import Foundation

/// The variable by which the processes of a command are known, whatever they become later.
///
/// Its value names the step, so that a later attempt finds what an earlier one left, and the attempt.
struct ProcessMark: Sendable, Hashable {
    static let variable = "ALMRUN_PROCESS"

    /// What all attempts of the same work have in common.
    let work: String
    private let own: String
    /// Marks that this process itself stands under, because it is part of a command of another one.
    private let outer: String

    /// A mark for a new attempt; `work` must hold neither a slash nor a colon.
    init(work: String) {
        self.work = work
        own = "\(work):\(String(UInt64.random(in: .min ... .max), radix: 36))"
        outer = ProcessEnvironment.values(of: [Self.variable])[Self.variable].map { "\($0)/" } ?? ""
    }

    /// What the variable holds in the command's environment.
    var value: String { outer + own }

    /// Whether a value of the variable is that of this attempt, or of something inside it.
    func covers(_ value: String) -> Bool { value.split(separator: "/").contains { $0 == own } }

    /// Whether a value of the variable is that of any attempt of this work.
    func coversWork(_ value: String) -> Bool { value.split(separator: "/").contains { $0.hasPrefix("\(work):") } }
}
