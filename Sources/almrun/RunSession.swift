import Documents
import Engine
import Foundation
import Git
import OrderedCollections
import Pipelines
import Reporting
import RunStorage
import Stages
import UnixSignals

/// Works on one run in this process: the real runner, shown live, stopped by signals.
struct RunSession {
    let workspace: Workspace
    let store: any RunStore
    var settings = RunnerSettings()
    /// Whether what the stages say is shown too.
    var isVerbose = false
    /// The file that the run is written to as JUnit XML.
    var junit: String?
    var summaryFile = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"]

    /// What the first signal comes to, for people.
    var onSignal =
        "stopping the stages; `almrun resume` carries on; SIGTERM or SIGINT once more leaves at once, and then "
        + "`almrun resume` first ends the stopping"

    /// How soon a second signal is the first one, heard twice.
    private static let echo = Duration.milliseconds(300)

    /// Runs the body with a runner; the first SIGINT, SIGTERM or SIGHUP cancels it, a second one that is no SIGHUP leaves
    /// at once.
    func work(on plan: Plan?, _ body: @escaping @Sendable (Runner) async throws -> RunEnding) async throws -> RunEnding
    {
        if let plan { warnOfMissingSecrets(plan) }
        // Only stages start processes here, so all that appears below this one is theirs.
        StartedProcesses.ownAll()
        // Before anything begins, which a signal would leave running.
        let signals = await StopSignals.trap()
        let (notices, continuation) = AsyncStream.makeStream(of: RunNotice.self)
        let runner = runner { continuation.yield($0) }
        let display = Task { await show(notices) }
        let work = Task {
            defer { continuation.finish() }
            return try await body(runner)
        }
        let watch = Task {
            var first: ContinuousClock.Instant?
            for await signal in signals {
                if let first {
                    // A terminal that closes may say so more than once, and `timeout` tells a process and then its whole group.
                    if signal == .sighup || first.duration(to: .now) < Self.echo { continue }
                    Console.error("\(signal) once more: leaves at once; `almrun resume` first ends the stopping")
                    StartedProcesses.kill()
                    _exit(ExitStatus.interrupted)
                }
                first = .now
                Console.error("\(signal): \(onSignal)")
                work.cancel()
            }
        }
        defer { watch.cancel() }
        let ending: Result<RunEnding, any Error>
        do {
            ending = .success(try await work.value)
        } catch {
            ending = .failure(error)
        }
        let begun = await display.value
        if case .failure(let error) = ending { await reportStop(of: begun, error) }
        if case .failure(RunStoreError.unavailable) = ending, let begun {
            Console.error("run \(begun) stopped; `almrun resume \(begun)` carries on when this is mended:")
        }
        return try ending.get()
    }

    /// Says how the run stands now, writes the job summary, and gives the exit status.
    func finish(_ ending: RunEnding, format: OutputFormat) async throws -> Int32 {
        let state = ending.state
        // What has succeeded is not taken up, whatever somebody did to its events meanwhile.
        let isUnreadable = state.status == .succeeded ? false : try await store.damage(of: state.run) != nil
        let report = RunReport(
            state, now: Date(), isBoundToFiles: workspace.takesUpNoChangedFiles(state),
            isQueueUnreadable: try await store.damage(of: state.queue?.holder) != nil, isUnreadable: isUnreadable,
            locks: isUnreadable ? try await store.locks().filter { $0.run == state.run }.map(\.name) : [])
        switch format {
        case .text: Console.print(report.ending)
        case .json: Console.print(report.value)
        }
        if let junit {
            do {
                try DurableFile.write(Data(report.junit.xml.utf8), to: junit)
            } catch {
                if FileManager.default.fileExists(atPath: junit) {
                    Console.error("what is in '\(junit)' is of an earlier run")
                }
                throw error
            }
        }
        if let summaryFile, !summaryFile.isEmpty { append(report.markdown, to: summaryFile) }
        return ending.state.exitStatus
    }

    /// Removes the report of an earlier run: where this process is killed, nobody must take it for this run's.
    private func removeEarlierReport() {
        guard let junit, FileManager.default.fileExists(atPath: junit) else { return }
        do {
            try FileManager.default.removeItem(atPath: junit)
        } catch {
            Console.error(
                "warning: '\(junit)' cannot be removed, and is of an earlier run until this one ends: "
                    + error.localizedDescription)
        }
    }

    /// Writes what is known of a run that could not be worked on to its end; where that cannot be, says what is in the file.
    private func reportStop(of begun: RunID?, _ error: any Error) async {
        guard let junit else { return }
        var reason: String?
        if let begun {
            do {
                let state = try await RunState.load(begun, from: store)
                let report = RunReport(state, now: Date()).junit(stoppedBy: Self.text(of: error))
                try DurableFile.write(Data(report.xml.utf8), to: junit)
                return Console.error("'\(junit)' has what is known of the run, and that it was stopped")
            } catch {
                reason = Self.text(of: error)
            }
        }
        let isThere = FileManager.default.fileExists(atPath: junit)
        // Where no run began, nobody looks for a file that is not there.
        guard isThere || reason != nil else { return }
        Console.error(
            "'\(junit)' was not written\(reason.map { ": \($0)" } ?? "")"
                + (isThere ? "; what is in it is of an earlier run" : ""))
    }

    private static func text(of error: any Error) -> String { (error as? StageFailure)?.message ?? "\(error)" }

    /// A later process may have them, so they are no error yet; but nobody should learn of them after an approval.
    private func warnOfMissingSecrets(_ plan: Plan) {
        for missing in workspace.missingSecretsHere(of: plan) { Console.error("warning: \(missing.message)") }
    }

    private func runner(_ observe: @escaping @Sendable (RunNotice) -> Void) -> Runner {
        Runner(
            store: store, objects: workspace.objects, logs: workspace.logs, settings: settings,
            learning: workspace.learning(in: store), observe: observe,
            executor: { workspace.executor(for: $0, isAtWork: true) })
    }

    /// Ends what the dead process of a run left running, and says so.
    func clearAftermath(of state: RunState) async {
        for remark in await Aftermath(executor: workspace.executor(for: state), logs: workspace.logs).clear(state) {
            Console.error(remark)
        }
    }

    /// Shows what happens; gives the run once it has begun.
    private func show(_ notices: AsyncStream<RunNotice>) async -> RunID? {
        var begun: RunID?
        var losses: [(StepID, StepLogWriter.Loss)] = []
        var progress: RunProgress?
        var ticking: Task<Void, Never>?
        defer { ticking?.cancel() }
        for await notice in notices {
            switch notice {
            case .began(let state):
                let made = RunProgress(
                    surroundings: Console.surroundings, color: Console.hasColor,
                    width: state.plan.steps.map(\.id.rawValue.count).max() ?? 0, columns: Console.columns,
                    showsLogs: isVerbose, from: state, now: { Date() }, write: { Console.writeError($0) })
                Console.error("run \(state.run): \(state.plan.pipeline), \(state.plan.steps.count) steps")
                begun = state.run
                removeEarlierReport()
                progress = made
                guard Console.surroundings == .terminal else { continue }
                ticking = Task {
                    while !Task.isCancelled {
                        // Waking up early is no harm.
                        try? await Task.sleep(for: .milliseconds(200))
                        await made.tick()
                    }
                }
            case .event(let event): await progress?.happened(event)
            case .message(let step, _, let message): await progress?.said(step, message)
            case .lost(let step, let loss): losses.append((step, loss))
            case .remark(let text): Console.error(text)
            }
        }
        ticking?.cancel()
        await ticking?.value
        await progress?.end()
        for (step, loss) in losses {
            Console.error("warning: \(Self.text(of: step, loss))")
        }
        return begun
    }

    private static func text(of step: StepID, _ loss: StepLogWriter.Loss) -> String {
        let lines = loss.lines == 1 ? "1 line" : "\(loss.lines) lines"
        return "\(lines) that '\(step)' said could not be written to its log: \(loss.reason)"
    }

    private func append(_ text: String, to path: String) {
        guard let handle = FileHandle(forWritingAtPath: path) else { return }
        // The summary is an extra of the CI service: a run does not fail because it cannot be written.
        _ = try? handle.seekToEnd()
        try? handle.write(contentsOf: Data(text.utf8))
        try? handle.close()
    }
}
