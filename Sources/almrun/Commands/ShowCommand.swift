import ArgumentParser
import Documents
import Engine
import Foundation
import Pipelines
import Reporting

/// Shows one run as it stands, or what one gate of it is about.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a run: every step, what went wrong first, what it waits for.",
        discussion: """
            RUN is the name of a run, the beginning of one, or 'latest'. A gate is named by itself, or by its stage: \
            then all its approvals are shown.

            Example: almrun show latest --gate prod/promote.approval
            Example: almrun show latest --gate prod/promote.approval --record signed
            """)

    @Argument(help: "The run.")
    var run: String

    @Option(help: "What a person has to decide at this gate: the package, the plan, the instructions.")
    var gate: String?

    @Option(
        help: ArgumentHelp(
            "Write what was signed at the gate, the signatures and the keys into this folder, for `ssh-keygen -Y verify`.",
            discussion: "With '-' the signed records are printed.", valueName: "folder"))
    var record: String?

    @Flag(help: "The run as JUnit XML; the time of a stage is what all its attempts took.")
    var junit = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if record == "" { throw ValidationError("--record names no folder: '-' prints the records") }
        if record != nil, gate == nil {
            throw ValidationError("--record needs --gate: the gate whose decisions were signed")
        }
        if junit, common.format == .json {
            throw ValidationError(
                "--junit and --format json contradict each other: JUnit is XML; leave out one of them")
        }
        if junit, gate != nil {
            throw ValidationError(
                "--junit is about the whole run, and --gate about a gate of it: leave out one of them")
        }
    }

    func run() async throws {
        let workspace = try common.workspace()
        let opened = try await OpenedRun(run, in: workspace)
        let fault = try await opened.tellOfFault(workspace.objects)
        if let gate {
            let now = Date()
            let state = await workspace.facing(
                try await workspace.informed(opened.state, in: opened.store), isDecided: false, now: now)
            var reports: [GateReport] = []
            for step in try opened.gates(gate) {
                let others = try await Inbox.others(
                    besides: state, at: step.id, from: opened.store, now: now,
                    informed: { await workspace.asNow($0, in: opened.store, now: now) })
                var brief = await workspace.brief(
                    of: step.id, in: state, others: others, store: opened.store, now: now)
                brief?.risks += await workspace.needlessBypass(at: step.id, in: state, store: opened.store, now: now)
                if let report = GateReport(state, step: step.id, fault: fault, brief: brief, now: now) {
                    reports.append(report)
                }
            }
            return try show(reports)
        }
        let now = Date()
        let seen = await workspace.facing(opened.state, isDecided: false, now: now)
        var risks = await workspace.risksOfDecided(in: seen, store: opened.store, now: now)
        for gate in seen.plan.steps where seen[gate.id]?.status == .failed {
            risks[gate.id] = await workspace.needlessBypass(at: gate.id, in: seen, store: opened.store, now: now)
        }
        let report = RunReport(
            seen, now: now,
            isBoundToFiles: workspace.takesUpNoChangedFiles(opened.state), isAbandoned: try await opened.isAbandoned,
            isNewerOver: try await opened.store.hasOutlivedSuccessors(of: opened.state),
            isQueueUnreadable: try await opened.store.damage(of: opened.state.queue?.holder) != nil,
            risks: risks)
        if junit {
            Console.print(report.junit.xml)
        } else {
            common.format == .json
                ? Console.print(report.value) : Console.print(report.text)
        }
        try await opened.tellOfProcesses()
    }

    /// The gates, each as it stands, or what was signed at them.
    private func show(_ gates: [GateReport]) throws {
        if let record { return try SignedFiles(gates).write(to: record, common.format) }
        switch common.format {
        case .json: Console.print(gates.count == 1 ? gates[0].value : .list(gates.map(\.value)))
        case .text: Console.print(gates.map(\.text).joined(separator: "\n\n"))
        }
    }
}
