import ArgumentParser
import Documents
import Engine
import Foundation
import Pipelines
import Reporting
import Stages

/// Says why a step stands as it stands, or why a package cannot come into an environment now.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say why a stage stands as it does, or why a package cannot go somewhere now.",
        discussion: """
            With a run and one of its stages: why it ran, waits, was skipped, blocked or reused. With a package and an \
            environment: every condition there, met and unmet, and when each could be met; the status is 0 when the \
            package could go now or is there already, 75 when something is waited for, 1 when it can never go there as \
            it is, or only by a rollback, which is named then. A run that is named after 'next:' is judged by the files with which it began. A package is the beginning of its digest (at least 6 digits), a .zip file, or SOLUTION@VERSION.

            Example: almrun why latest prod/promote
            Example: almrun why ContosoSales@1.2.0.0 prod
            """)

    @Argument(help: "The run (its name, the beginning of it, or 'latest'), or the package.")
    var subject: String

    @Argument(help: "The stage of the run, or the environment.")
    var place: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let workspace = try common.workspace()
        switch try await WhySubject(subject, place, in: workspace) {
        case .run(let opened): try await explain(opened, in: workspace)
        case .package(let name):
            let readiness = try await readiness(of: name, in: workspace)
            common.format == .json
                ? Console.print(try readiness.value) : Console.print(readiness.text)
            throw ExitCode(readiness.exitStatus)
        }
    }

    private func readiness(of name: PackageName, in workspace: Workspace) async throws -> Readiness {
        let now = Date()
        do {
            let finder = try await workspace.packageFinder(toward: place)
            let package = try await finder.find(name)
            let readiness = try await workspace.readiness(of: package, in: place, finder: finder, now: now)
            for (name, error) in finder.leftOut.sorted(by: { $0.key < $1.key }) {
                Console.error(safeText("warning: environment '\(name)' is left out, as it cannot be read: \(error)"))
            }
            return readiness
        } catch let rejected as Rejected {
            // What is wrong with the files now is no matter to a run that keeps its own.
            guard let known = try await workspace.readinessUnderWay(of: name, in: place, now: now) else {
                throw rejected
            }
            Console.error(rejected.diagnostics)
            return known
        }
    }

    private func explain(_ opened: OpenedRun, in workspace: Workspace) async throws {
        let step = try opened.step(place)
        _ = try await opened.tellOfFault(workspace.objects)
        let now = Date()
        let state = await workspace.facing(
            try await workspace.informed(opened.state, in: opened.store), isDecided: false, now: now)
        let isAbandoned = try await opened.isAbandoned
        guard var explanation = state.why(step, now: now, isAbandoned: isAbandoned) else { return }
        let decided = await workspace.risksOfDecided(in: state, store: opened.store, now: now)[step, default: []]
        let needless = await workspace.needlessBypass(at: step, in: state, store: opened.store, now: now)
        explanation.details += (decided + needless).map { "risk: \($0.text)" }
        // Of the gate itself it is said there.
        let gates = state.plan.steps.filter { $0.guarding == step }
        explanation.details += gates.lazy.compactMap(state.unreadable).prefix(1).map {
            "it cannot be deployed as it is: \($0); `almrun doctor` first"
        }
        explanation.details += state.looseFiles(ofGatesAt: step).filter { !explanation.details.contains($0) }
        switch common.format {
        case .json: Console.print(try ValueEncoder().encode(explanation))
        case .text:
            let status = explanation.status.rawValue
            let said = explanation.headline.hasPrefix(status) ? "" : "\(status): "
            let head = "\(explanation.step): \(said)\(safeText(explanation.headline))"
            Console.print(([head] + explanation.details.map { "  \(safeText($0))" }).joined(separator: "\n"))
        }
        try await opened.tellOfProcesses()
    }
}

extension RunState {
    /// That a gate, or those before a stage, are those of files that were in no commit; none for another step.
    fileprivate func looseFiles(ofGatesAt id: StepID) -> [String] {
        guard let step = planned(id) else { return [] }
        let isAsked: Bool
        if case .gate(let kind) = step.work {
            isAsked = kind != .preview
        } else {
            isAsked = plan.steps.contains { $0.guarding == id && $0.work != .gate(.preview) }
        }
        return isAsked ? looseManifestNotes(at: step) : []
    }
}
