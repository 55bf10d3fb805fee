import Documents
import Engine
import Pipelines

/// A run that a command is about.
struct OpenedRun {
    let store: any RunStore
    let state: RunState

    /// Finds the run by its name, the beginning of it, or `latest`.
    init(_ name: String, in workspace: Workspace) async throws {
        guard let store = try workspace.existingStore() else { throw Self.unknown(name) }
        self.store = store
        let run: RunID
        if name == "latest" {
            guard let newest = try await store.newestRun() else {
                throw Self.unknown(name)
            }
            run = newest.run
        } else {
            run = try await store.run(named: name)
        }
        let loaded = try await RunState.load(run, from: store, objects: workspace.objects)
        let waits =
            !loaded.status.isFinished && (loaded.queue != nil || loaded.waits.contains { $0.suspension.lock != nil })
        state = waits ? loaded.facing(try await store.locks()) : loaded
    }

    /// Says beside what is shown why the run would not be taken up, if so: of such a run nothing vouches for it.
    func tellOfFault(_ objects: ObjectStore) async throws -> String? {
        guard let fault = try await RunState.fault(of: state.run, in: store, objects: objects) else { return nil }
        Console.error(RunState.untaken(state.run, safeText(fault)))
        return fault
    }

    /// Whether the run is not finished and no process works on it any more.
    var isAbandoned: Bool {
        get async throws { state.status == .running ? try await store.holder(of: state.run) == nil : false }
    }

    /// The step of that name.
    func step(_ name: String) throws(Rejected) -> StepID {
        let step = StepID(name)
        if state.planned(step) != nil { return step }
        let names = state.plan.steps.map(\.id.rawValue)
        throw Rejected([
            Diagnostic(
                "run/unknown-stage", "run '\(state.run)' has no stage '\(name)'",
                help: suggestion(for: name, among: names).map { "did you mean '\($0)'?" }
                    ?? "its stages are \(names.prefix(12).joined(separator: ", "))\(names.count > 12 ? ", ..." : "")")
        ])
    }

    /// The gates that a person means: the step itself, or those of the stage they named, its approvals first of all.
    func gates(_ name: String) throws(Rejected) -> [Step] {
        let named = try step(name)
        let gates = state.plan.steps.filter { candidate in
            guard case .gate = candidate.work else { return false }
            return candidate.id == named || candidate.guarding == named
        }
        if let gate = gates.first(where: { $0.id == named }) { return [gate] }
        let approvals = gates.filter { if case .gate(.approval) = $0.work { true } else { false } }
        if !approvals.isEmpty { return approvals }
        if !gates.isEmpty { return gates }
        let all = state.plan.steps.filter { if case .gate = $0.work { true } else { false } }.map(\.id.rawValue)
        throw Rejected([
            Diagnostic(
                "gate/unknown", "'\(name)' has no gate in run '\(state.run)'",
                help: all.isEmpty ? "the run has no gates" : "its gates are \(all.joined(separator: ", "))")
        ])
    }

    static func unknown(_ name: String) -> Rejected {
        Rejected([
            Diagnostic(
                "run/unknown", name == "latest" ? "there are no runs yet" : "there is no run '\(name)'",
                help: "`almrun runs` lists them")
        ])
    }
}
