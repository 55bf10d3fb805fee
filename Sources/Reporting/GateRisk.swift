import Documents
import Engine
import Pipelines

import struct Foundation.Date

/// A fact about a deployment that a person should know before saying yes; never a guess.
public struct GateRisk: Sendable, Hashable, Codable {
    /// `kebab-case`, for programs.
    public var code: String
    /// Lower case, no full stop.
    public var text: String

    public init(_ code: String, _ text: String) {
        self.code = code
        self.text = text
    }

    /// Days after which the result of a stage is called old.
    static let oldAfter = 7
    /// Settings from which on their number is worth a word.
    static let manySettings = 10

    /// All that the run shows.
    static func all(
        in state: RunState, step: Step, preview: Preview?, results: [GateBrief.Result], question: OpenQuestion?,
        others: [RunID], now: Date
    ) -> [GateRisk] {
        contract(results) + deployment(preview, step) + evidence(results, step, now)
            + people(state, step, question) + company(others, step)
    }

    private static func contract(_ results: [GateBrief.Result]) -> [GateRisk] {
        results.filter { $0.kind == "diff" }.flatMap { diff -> [GateRisk] in
            var risks: [GateRisk] = []
            if diff.numbers["level"]?.string == "major" {
                risks.append(GateRisk("major-change", "'\(diff.step)' calls it a major change"))
            }
            if let count = diff.numbers["breaking"]?.integer, count > 0 {
                risks.append(
                    GateRisk("breaking-change", "\(count) breaking change\(count == 1 ? "" : "s") (\(diff.step))"))
            }
            return risks
        }
    }

    private static func deployment(_ preview: Preview?, _ step: Step) -> [GateRisk] {
        guard let details = preview?.details else { return [] }
        let place = step.environment ?? "the environment"
        var risks: [GateRisk] = []
        let removed = details["removed"]?.list?.count ?? 0
        if removed > 0 {
            risks.append(
                GateRisk("deletes-components", "the upgrade deletes \(removed) component\(removed == 1 ? "" : "s")"))
        }
        if details["action"]?.string == "install" {
            risks.append(GateRisk("first-deployment", "the first deployment of this solution in \(place)"))
        }
        if let from = details["from"]?.string, let to = details["to"]?.string, parts(to).precedes(parts(from)) {
            risks.append(GateRisk("lower-version", "goes back from \(from) to \(to)"))
        }
        let changes = details["changes"]?.list?.count ?? 0
        if changes >= manySettings { risks.append(GateRisk("many-settings", "\(changes) settings would be changed")) }
        for warning in details["warnings"]?.list ?? [] {
            if let text = warning.string { risks.append(GateRisk("deployment-warning", text)) }
        }
        return risks
    }

    private static func evidence(_ results: [GateBrief.Result], _ step: Step, _ now: Date) -> [GateRisk] {
        var risks: [GateRisk] = []
        for result in results {
            guard let made = result.made else { continue }
            let days = Int(now.timeIntervalSince(made) / 86_400)
            if days >= oldAfter {
                risks.append(GateRisk("stale-evidence", "what '\(result.step)' showed is \(days) days old"))
            }
        }
        if step.environment != nil, !results.contains(where: { $0.kind == "test" }) {
            risks.append(GateRisk("not-tested", "no connector test ended well in this run"))
        }
        return risks
    }

    private static func people(_ state: RunState, _ step: Step, _ question: OpenQuestion?) -> [GateRisk] {
        var risks: [GateRisk] = []
        let requester = state.requester.lowercased()
        let files = "\(state.uncommitted) file\(state.uncommitted == 1 ? "" : "s")"
        if state.committers.contains(where: { $0.lowercased() == requester }) {
            let writers = Set((state.committers + state.uncommittedBy).map { $0.lowercased() })
            let part = writers.count == 1 ? "all" : "some"
            risks.append(
                GateRisk(
                    "requester-committed",
                    state.committersDoubt == nil
                        ? "\(state.requester) asked for the run and wrote \(part) of what is released"
                        : "\(state.requester) asked for the run and wrote \(part) of the history, which counts as released"
                ))
        } else if state.uncommittedBy.contains(where: { $0.lowercased() == requester }) {
            risks.append(
                GateRisk(
                    "requester-committed",
                    "\(state.requester) asked for the run and brought changes into what is released that are in no commit"
                ))
        }
        if state.uncommitted > 0 {
            let time =
                state.plan.pipeline == RollbackPlan.pipeline
                ? "when the package was made that comes back" : "when the run was made"
            risks.append(
                GateRisk(
                    "uncommitted-changes", "\(files) differed from the commit \(time): who changed them is not known"))
        }
        risks += state.looseManifestNotes(at: step).map { GateRisk("uncommitted-manifest", $0) }
        risks += state.doubts(at: step).map { GateRisk($0.code, $0.text) }
        for (other, known) in zip(state.plan.steps, state.steps) where other.id != step.id {
            for decision in known.decisions where decision.verdict == .bypass && decision.round == known.round {
                let place = other.environment.map { " (\($0))" } ?? ""
                let why = decision.comment.map { ": \($0)" } ?? ""
                risks.append(
                    GateRisk("bypassed-before", "'\(other.id)'\(place) was bypassed by \(decision.person)\(why)"))
            }
        }
        for decision in question?.given ?? [] where decision.signature == nil {
            risks.append(GateRisk("unsigned", "the approval by \(decision.person) is not signed"))
        }
        return risks
    }

    private static func company(_ others: [RunID], _ step: Step) -> [GateRisk] {
        guard !others.isEmpty else { return [] }
        let names = others.prefix(3).map(\.rawValue).joined(separator: ", ")
        let more = others.count > 3 ? " and \(others.count - 3) more" : ""
        return [GateRisk("others-wait", "waiting for \(step.environment ?? "the same gate") too: \(names)\(more)")]
    }

    private static func parts(_ version: String) -> [Int] { version.split(separator: ".").map { Int($0) ?? 0 } }
}

extension [Int] {
    /// Whether a version is lower than another; parts that are not there are 0.
    fileprivate func precedes(_ other: [Int]) -> Bool {
        for index in 0..<Swift.max(count, other.count) {
            let (left, right) = (index < count ? self[index] : 0, index < other.count ? other[index] : 0)
            if left != right { return left < right }
        }
        return false
    }
}
