import Engine
import Pipelines

/// Which of the runs that the policy lets go somebody needs all the same.
extension StorePruning {
    /// Leaves out what brought a needed package where it is, what tells of one, and what is named as evidence.
    func keepingNeeded(
        _ leaving: [PrunableRun], _ staying: [PrunableRun], _ report: inout PruneReport
    ) async throws -> [PrunableRun] {
        var (leaving, staying) = (leaving, staying)
        let asked = try await askedEnvironments()
        try await move(&leaving, &staying, &report) { run in
            if let operation = try await operation(of: run.number) { return operation }
            return try await approvals(in: run.run, run.number, asked: asked)
        }
        var missing = packages.needed
        for run in staying where !missing.isEmpty {
            missing.subtract(try await store.digests(missing, namedBy: run.number))
        }
        // Where none tells of a needed package that stays anyway, the newest one does.
        try await move(&leaving, &staying, &report) { [store] run in
            let told = missing.isEmpty ? [] : try await store.digests(missing, namedBy: run.number)
            missing.subtract(told)
            return told.min().map(Self.telling)
        }
        return try await keepingEvidence(leaving, staying, &report)
    }

    /// That a run brought a package where it is installed, or may be gone back to; nil where it did not.
    func operation(of number: Int64) async throws -> String? {
        let tokens = try await store.digests(Set(packages.operations.keys), namedBy: number)
        return tokens.compactMap { packages.operations[$0] }.min().map { "it \($0)" }
    }

    /// The environments of which a gate asks who approved for them; nil where that may be any.
    func askedEnvironments() async throws -> Set<String>? {
        guard let asked = packages.approversOf else { return nil }
        // A run that is taken up again asks what its own plan says, whatever the files say now.
        return asked.union(try await store.environmentsAskedByPlans())
    }

    /// That a run knows who approved for an environment of which a gate asks that; nil where it does not.
    func approvals(in run: RunID, _ number: Int64, asked: Set<String>?) async throws -> String? {
        guard asked?.isEmpty != true, try await store.hasDecisions(number) else { return nil }
        let told = try await RunState.load(run, from: store).approvals()
        guard let first = told.first(where: { $0.run == run && asked?.contains($0.environment) != false }) else {
            return nil
        }
        let place = first.environment
        return "\(first.person) approved or bypassed a gate of '\(place)' in it, and `approvers-of: \(place)` asks "
            + "who did"
    }

    static func telling(of digest: String) -> String {
        "it tells of package \(digest.prefix(12)), which is installed or may be gone back to"
    }

    /// That nobody knows whether an effect of a run took place: with the run would go all that tells of it.
    func doubtfulEffect(of run: PrunableRun) async throws -> String? {
        guard run.status != .succeeded else { return nil }
        var steps: [StepID] = []
        do {
            steps = try await RunState.load(run.run, from: store).doubtfulSteps
        } catch {
            switch error {
            // Another process has removed it meanwhile.
            case .unknownRun: return nil
            case .damaged: return Self.damage(of: run)
            default: throw error
            }
        }
        guard !steps.isEmpty else { return nil }
        return "the effect of \(steps.map { "'\($0)'" }.joined(separator: " and ")) may have happened: "
            + "`almrun resume \(run.run)` looks first and then carries on, "
            + "`\(run.run.removal)` gives it up"
    }

    static func damage(of run: PrunableRun) -> String {
        "its events are damaged, or not all there: `almrun verify \(run.run)` names the damage"
    }

    /// Lets runs stay for which there is a reason.
    private func move(
        _ leaving: inout [PrunableRun], _ staying: inout [PrunableRun], _ report: inout PruneReport,
        _ reason: (PrunableRun) async throws -> String?
    ) async throws {
        var rest: [PrunableRun] = []
        for run in leaving {
            guard let reason = try await reason(run) else {
                rest.append(run)
                continue
            }
            report.kept.append(PruneReport.Kept(run: run.run, reason: reason))
            staying.append(run)
        }
        leaving = rest
    }

    /// Leaves out whatever a run that stays names: what it was made with, and where its reused results are from.
    private func keepingEvidence(
        _ leaving: [PrunableRun], _ staying: [PrunableRun], _ report: inout PruneReport
    ) async throws -> [PrunableRun] {
        var left = Dictionary(leaving.map { ($0.run, $0) }) { first, _ in first }
        var open = staying
        while !left.isEmpty, let run = open.popLast() {
            for (name, steps) in try await store.naming(of: run.number).sorted(by: { $0.key < $1.key }) {
                guard let named = left.removeValue(forKey: name) else { continue }
                let what =
                    switch steps.count {
                    case 0: "has taken a result over from it"
                    case 1: "names what its '\(steps[0])' showed as evidence"
                    default: "names what its '\(steps[0])' and \(steps.count - 1) more showed as evidence"
                    }
                report.kept.append(PruneReport.Kept(run: name, reason: "run '\(run.run)', which stays, \(what)"))
                open.append(named)
            }
        }
        return leaving.filter { left[$0.run] != nil }
    }
}

extension RunState {
    /// The steps of a run that is over of whose effects nobody knows whether they happened, in the order of the plan.
    var doubtfulSteps: [StepID] {
        zip(plan.steps, steps).filter { !$1.status.isGood && $1.mayHaveTakenEffect }.map(\.0.id)
    }
}
