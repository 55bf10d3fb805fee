import Engine
import Environments
import OrderedCollections
import Pipelines

/// What the files say now, beside what a run keeps.
extension ReadinessFacts {
    /// What a new run would be judged by that a run which keeps its files is not; nil where there is no difference.
    ///
    /// - Parameter kept: What the run is judged by that is named as the way on.
    public func note(beside kept: ReadinessFacts) -> String? {
        guard let run = kept.wayOn else { return nil }
        let times = originConditions + timeConditions
        let keptTimes = kept.originConditions + kept.timeConditions
        let others = times.filter { !keptTimes.contains($0) }
        var said = others.map { condition in
            "\(condition.standing.rawValue) \(condition.kind.rawValue): \(condition.text)"
        }
        let kinds = Set(times.map(\.kind))
        for kind in [ReadinessCondition.Kind.after, .soak, .window, .freeze]
        where !kinds.contains(kind) && keptTimes.contains(where: { $0.kind == kind }) {
            said.append("no \(kind.rawValue)")
        }
        said += otherDemands(than: kept) + otherBindings(than: kept)
        guard !said.isEmpty else { return nil }
        let isOpen = others.allSatisfy { $0.standing == .met }
        let starter =
            isRollback
            ? nil : starters.first { isBound($0) && obstacles(toNew: $0).isEmpty && unshown(by: $0).isEmpty }
        let way = isOpen ? starter.map { "; `\(start($0))` starts one" } ?? "" : ""
        return
            "run \(run.run) keeps '\(environment.name)' as its files were when it began, and they have changed; for a new "
            + "run: \(said.joined(separator: "; "))\(way)"
    }

    /// What is asked of people and stages in another way.
    private func otherDemands(than kept: ReadinessFacts) -> [String] {
        let (new, old) = (environment.gates, kept.environment.gates)
        var said: [String] = []
        if new.evidence != old.evidence {
            let names = new.evidence?.stages.map { "'\($0)'" }.joined(separator: ", ")
            let age = new.evidence?.age.map { ", at most \($0) old" } ?? ""
            said.append(names.map { "evidence of \($0)\(age)" } ?? "no evidence")
        }
        if new.approvals != old.approvals {
            let asked = new.approvals.map { "\($0.count) of '\($0.role)'" }.joined(separator: " and ")
            said.append(asked.isEmpty ? "no approval" : "\(asked) must approve, as the file says now")
        }
        if new.bypass != old.bypass { said.append("another rule for bypasses") }
        let used = Set((new.approvals + old.approvals).map(\.role) + [new.bypass?.role ?? "bypass"])
        let others = used.sorted().filter { roles.members[$0] != kept.roles.members[$0] }
        if !others.isEmpty {
            said.append("other people have \(others.map { "'\($0)'" }.joined(separator: ", "))")
        }
        return said
    }
}
