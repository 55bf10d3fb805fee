import Documents
import Engine
import OrderedCollections
public import Pipelines

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

    /// The code of what did not end well in the run, or in one that showed something of the package.
    static let failed = "failed-step"
    /// The code of what a yes or a bypass takes away from whoever gives it.
    public static let undone = "approval-undone"

    /// All that the run shows.
    static func all(
        in state: RunState, step: Step, preview: Preview?, results: [GateBrief.Result], question: OpenQuestion?,
        others: [OtherRun], now: Date
    ) -> [GateRisk] {
        failures(results) + blocked(state) + unfinished(state, step) + contract(results)
            + uncompared(results, preview, step) + deployment(preview, step)
            + evidence(results, step, now) + assumed(state)
            + (state.plan.passedOver.map { [GateRisk("passed-over", "not the nearest version: \($0)")] } ?? [])
            + people(state, step, question, now) + company(others, step)
    }

    private static func failures(_ results: [GateBrief.Result]) -> [GateRisk] {
        results.filter { !$0.isGood }.map { GateRisk(failed, "'\($0.step)' \($0.status.rawValue): \($0.text)") }
    }

    /// The checks that have shown nothing, apart from those that come after the deployment.
    private static func unfinished(_ state: RunState, _ gate: Step) -> [GateRisk] {
        let open = zip(state.plan.steps, state.steps).filter { step, known in
            guard case .stage(let kind) = step.work, GateBrief.word(for: kind) != nil, !step.isFinally else {
                return false
            }
            return known.status != .blocked && known.status != .failed && known.status != .rejected
                && !known.status.isGood
        }
        guard !open.isEmpty else { return [] }
        let later = state.following(gate.guarding ?? gate.id)
        let left = open.filter { !later.contains($0.0.id) }.map { "'\($0.0.id)' (\($0.1.status.rawValue))" }
        return left.isEmpty
            ? [] : [GateRisk("nothing-shown", "nothing is shown yet by \(left.joined(separator: ", "))")]
    }

    /// That steps of the run cannot be carried out, whatever people say.
    private static func blocked(_ state: RunState) -> [GateRisk] {
        let names = zip(state.plan.steps, state.steps).filter { $1.status == .blocked }.map { "'\($0.0.id)'" }
        guard !names.isEmpty else { return [] }
        let shown = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
        let what = names.count == 1 ? "step is" : "steps are"
        return [GateRisk("blocked-steps", "\(names.count) \(what) blocked by what did not end well: \(shown)")]
    }

    /// What counts as done only because a person said so.
    private static func assumed(_ state: RunState) -> [GateRisk] {
        zip(state.plan.steps, state.steps).compactMap { step, known in
            guard known.status == .succeeded, case .assumed(done: true, let person, let comment)? = known.reason else {
                return nil
            }
            let time = known.ended.map { ", \(Timestamp.text(of: $0))" } ?? ""
            let why = comment.map { ": \($0)" } ?? ""
            return GateRisk(
                "assumed-done", "nothing shows that '\(step.id)' was done: \(person) said so\(time)\(why)")
        }
    }

    private static func contract(_ results: [GateBrief.Result]) -> [GateRisk] {
        results.filter { $0.kind == "diff" && $0.isGood }.flatMap { diff -> [GateRisk] in
            var risks: [GateRisk] = []
            if diff.numbers["level"]?.string == "major" {
                risks.append(GateRisk("major-change", "'\(diff.step)' calls it a major change"))
            }
            if let count = diff.numbers["breaking"]?.integer, count > 0 {
                risks.append(
                    GateRisk("breaking-change", "\(count) breaking change\(count == 1 ? "" : "s") (\(diff.step))"))
            }
            if let base = diff.numbers["baseCommit"]?.string, diff.numbers["baseIsAncestor"]?.boolean == false {
                risks.append(
                    GateRisk(
                        "base-elsewhere",
                        "'\(diff.step)' compared with commit \(base.prefix(12)), which is not in the history of its run's commit"
                    ))
            }
            if let base = diff.numbers["baseCommit"]?.string, diff.numbers["baseIsOwnCommit"]?.boolean == true {
                risks.append(
                    GateRisk(
                        "base-is-own-commit",
                        "'\(diff.step)' compared with commit \(base.prefix(12)), which is the run's own commit: nothing "
                            + "could differ"))
            }
            return risks
        }
    }

    /// That nothing was compared, though an earlier version is where the package goes.
    private static func uncompared(
        _ results: [GateBrief.Result], _ preview: Preview?, _ step: Step
    ) -> [GateRisk] {
        guard let from = preview?.details["from"]?.string, preview?.details["action"]?.string != "install" else {
            return []
        }
        return results.filter { $0.kind == "diff" && $0.isGood && $0.numbers["first"]?.boolean == true }.map { diff in
            GateRisk(
                "nothing-compared",
                "'\(diff.step)' compared with no release, and \(step.environment ?? "the environment") has \(from)")
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
        for result in results where result.isGood {
            guard let made = result.made else { continue }
            let days = Int(now.timeIntervalSince(made) / 86_400)
            if days >= oldAfter {
                risks.append(GateRisk("stale-evidence", "what '\(result.step)' showed is \(days) days old"))
            }
        }
        if step.environment != nil, !results.contains(where: { $0.kind == "test" && $0.isGood }) {
            risks.append(GateRisk("not-tested", "no connector test ended well in this run"))
        }
        return risks
    }

    private static func people(
        _ state: RunState, _ step: Step, _ question: OpenQuestion?, _ now: Date
    ) -> [GateRisk] {
        var risks: [GateRisk] = []
        let requester = state.requester.lowercased()
        if state.people.committers.contains(where: { $0.lowercased() == requester }) {
            let writers = Set((state.people.committers + state.people.uncommittedBy).map { $0.lowercased() })
            let part = writers.count == 1 ? "all" : "some"
            risks.append(
                GateRisk(
                    "requester-committed",
                    state.people.committersDoubt == nil
                        ? "\(state.requester) asked for the run and wrote \(part) of what is released"
                        : "\(state.requester) asked for the run and wrote \(part) of the history, which counts as released"
                ))
        } else if state.people.uncommittedBy.contains(where: { $0.lowercased() == requester }) {
            risks.append(
                GateRisk(
                    "requester-committed",
                    "\(state.requester) asked for the run and brought changes into what is released that are in no commit"
                ))
        }
        if state.people.uncommitted > 0 {
            let time =
                state.plan.isRollback
                ? "when the package was made that comes back" : "when the run was made"
            risks.append(
                GateRisk(
                    "uncommitted-changes",
                    "\(looseFiles(state.people)) differed from the commit \(time): who changed them is not known"))
        }
        risks += generated(in: state).map { made in
            GateRisk(
                "generated-files",
                "'\(made.step)' makes \(made.paths) while the run works: \(made.files)")
        }
        risks += state.looseManifestNotes(at: step).map { GateRisk("uncommitted-manifest", $0) }
        risks += state.doubts(at: step).map { GateRisk($0.code, $0.text) }
        for other in state.plan.steps where other.id != step.id {
            let bypasses = state.bypasses(at: other)
            // What is approved opens without a bypass that is too few.
            if bypasses.count < state.bypassPolicy(at: other).count,
                case .approved? = state.standing(of: other, now: now)
            {
                continue
            }
            for decision in bypasses {
                let place = other.environment.map { " (\($0))" } ?? ""
                let why = decision.comment.map { ": \($0)" } ?? ""
                // One of two has opened nothing.
                let half =
                    state.pendingBypass(of: other.id, now: now) == nil ? "" : ", and one more person must bypass it"
                risks.append(
                    GateRisk(
                        "bypassed-before", "'\(other.id)'\(place) was bypassed by \(decision.person)\(why)\(half)"))
            }
        }
        risks += rejections(at: step, state, now)
        for decision in question?.given ?? [] where decision.signature == nil {
            risks.append(GateRisk("unsigned", "the approval by \(decision.person) is not signed"))
        }
        return risks
    }

    /// That somebody said no to the same package at the same gate in a round that is over.
    private static func rejections(at gate: Step, _ state: RunState, _ now: Date) -> [GateRisk] {
        let package = state.binding(of: gate).package
        return (state[gate.id]?.decisions ?? []).filter { decision in
            if case .wrong = decision.standing { return false }
            return decision.verdict == .reject && decision.package == package
                && state.objection(to: decision, at: gate, now: now) != nil
        }.map { no in
            let why = no.comment.map { ": \($0)" } ?? ""
            let what = package == nil ? "said no" : "rejected this package"
            return GateRisk(
                "rejected-before",
                "\(no.person) \(what) at this gate in round \(no.round), \(Timestamp.text(of: no.time))\(why)")
        }
    }

    /// How many files, and the first of them.
    private static func looseFiles(_ people: KnownPeople) -> String {
        let count = "\(people.uncommitted) file\(people.uncommitted == 1 ? "" : "s")"
        let shown = people.looseFiles.prefix(min(5, people.uncommitted)).map { "'\($0)'" }
        guard !shown.isEmpty else { return count }
        let rest = people.uncommitted - shown.count
        return "\(count) (\(shown.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : ""))"
    }

    /// That gates of earlier runs were opened for the package without what they asked for.
    static func bypasses(of package: String?, in runs: [RunState]) -> [GateRisk] {
        guard let package else { return [] }
        return runs.flatMap { $0.bypassNotes(about: package) }.map { GateRisk("bypassed-earlier", $0) }
    }

    /// That the run which made the package took files for it that its own commands had made.
    static func generated(for package: String?, in runs: [RunState], besides own: RunID) -> [GateRisk] {
        guard let package else { return [] }
        return runs.filter { run in run.run != own && run.madePackages.contains { $0.digest == package } }.flatMap {
            run in
            generated(in: run).map { made in
                GateRisk(
                    "generated-files",
                    "'\(made.step)' made \(made.paths) while run \(run.run) worked, which made this package: \(made.files)"
                )
            }
        }
    }

    private static func generated(in state: RunState) -> [(step: StepID, paths: String, files: String)] {
        state.plan.generatedFiles.steps.filter { state[$0.step]?.status != .skipped }.map { made in
            (made.step, names(made.paths), taken(state[made.step]?.output))
        }
    }

    /// How many files a command has written, as far as it has ended, and which it left alone.
    private static func taken(_ output: Value?) -> String {
        guard let all = output?["generated"]?.map?.count else {
            return "what it writes is taken as it was made, whatever the commit has"
        }
        // Who put them there nobody knows.
        let same = (output?["untouched"]?.list ?? []).compactMap(\.string)
        let count = all - same.count
        let made =
            switch count {
            case 0: "it wrote no file there"
            case 1: "1 file is taken as it was made, whatever the commit has"
            default: "\(count) files are taken as they were made, whatever the commit has"
            }
        let more = same.count > 3 ? " and \(same.count - 3) more" : ""
        return same.isEmpty ? made : "\(made); the same was there before: \(names(same.prefix(3)))\(more)"
    }

    private static func names(_ paths: some Sequence<String>) -> String {
        paths.map { "'\($0)'" }.joined(separator: ", ")
    }

    /// That other runs wait to change the same environment, and what people have said there.
    public static func company(_ others: [OtherRun], _ step: Step) -> [GateRisk] {
        guard !others.isEmpty else { return [] }
        let names = others.prefix(3).map(\.run.rawValue).joined(separator: ", ")
        let more = others.count > 3 ? " and \(others.count - 3) more" : ""
        let said = others.compactMap { other in other.said.map { "; in \(other.run) \($0)" } }.prefix(3).joined()
        return [
            GateRisk("others-wait", "waiting for \(step.environment ?? "the same gate") too: \(names)\(more)\(said)")
        ]
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
