import ArgumentParser
import Documents
import Engine
import Git
import Pipelines

/// The run and the gate that a decision is about.
struct DecisionOptions: ParsableArguments {
    @Argument(help: "The run: its name, the beginning of it, or 'latest'.")
    var run: String

    @Argument(help: "The gate, or the stage it stands before.")
    var stage: String

    @OptionGroup var common: CommonOptions

    /// Makes the decision as the person at the keyboard and says what follows from it.
    func decide(
        _ body: (Decisions, RunID, StepID, Decisions.Person) async throws -> RunState
    ) async throws {
        let workspace = try common.workspace()
        let opened = try await OpenedRun(run, in: workspace)
        let person = try workspace.person()
        let step = try opened.step(stage)
        let state = try await body(
            Decisions(store: opened.store, objects: workspace.objects), opened.state.run, step,
            Decisions.Person(email: person.email, name: person.name))
        let made = state.plan.steps.compactMap { step in
            state[step.id]?.decisions.last.map { (step: step.id, decision: $0) }
        }.max { $0.decision.time < $1.decision.time }
        switch common.format {
        case .json:
            Console.print([
                "run": .string(state.run.rawValue), "step": .string(made?.step.rawValue ?? step.rawValue),
                "decision": try ValueEncoder().encode(made?.decision),
            ])
        case .text:
            let verdict =
                switch made?.decision.verdict {
                case .approve?: "approved"
                case .reject?: "rejected"
                case .bypass?: "bypassed"
                case nil: "noted"
                }
            Console.print("\(made?.step ?? step) of \(state.run): \(verdict) by \(person.email)")
            if let package = made?.decision.package { Console.print("  package sha256 \(package)") }
            if let plan = made?.decision.plan { Console.print("  plan \(plan.prefix(12))") }
            if try await opened.store.holder(of: state.run) == nil {
                Console.print("next: almrun resume \(state.run)")
            }
        }
    }
}
