import Documents
import Engine
import Foundation
import Pipelines

/// What the events of one number tell, read once.
struct ToldRun {
    /// The run that they make, or why they make none.
    private(set) var state: Result<RunState, RunStoreError> = .failure(.unknownRun(""))
    private(set) var fences = FenceEvidence()
    private(set) var deployments: [ToldDeployment] = []
    /// Names of the files of logs that held something and are gone.
    private(set) var lostLogs: [String] = []
    var objects: [ObjectMentions.Mention] { mentions.all }

    private let store: ObjectStore?
    private let logs: StepLogs?
    private var mentions = ObjectMentions()
    private var folded: RunState?
    private var failure: RunStoreError?

    init(_ store: ObjectStore?, _ logs: StepLogs? = nil) {
        self.store = store
        self.logs = logs
    }

    /// Takes the next line in; after one that does not fit only what it says by itself counts.
    mutating func take(_ bytes: [UInt8]) {
        do throws(RunStoreError) {
            let line = try LedgerLine(bytes: bytes)
            fences.look(at: line.event)
            guard failure == nil else { return }
            if folded == nil { folded = try RunState(line) } else { try folded?.apply(line) }
            lookForLogs(of: line.event)
            guard let store else { return }
            mentions.look(at: line.event, store)
            note(line.event, store)
        } catch {
            fail(error)
        }
    }

    mutating func fail(_ error: RunStoreError) { failure = failure ?? error }

    /// Says that all lines of a number were taken in.
    mutating func end(_ number: Int64) {
        // The version that wrote what is newer reads it, and goes on.
        let isWhole = if case .newer? = failure { true } else { failure == nil }
        if let folded { fences.look(at: folded, isWhole: isWhole) }
        if let failure {
            state = .failure(failure)
        } else if let folded {
            state = .success(folded)
        } else {
            state = .failure(.unknownRun("number \(number)"))
        }
    }

    /// Keeps which logs are gone; what is in those that are there takes longer to compare.
    private mutating func lookForLogs(of event: RunEvent) {
        guard let logs, let run = folded?.run else { return }
        for log in event.logs where log.bytes > 0 {
            let path = logs.path(run: run, step: log.step, attempt: log.attempt)
            guard access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR else { continue }
            let name = URL(filePath: path).lastPathComponent
            if !lostLogs.contains(name) { lostLogs.append(name) }
        }
    }

    /// Keeps what was brought into an environment.
    private mutating func note(_ event: RunEvent, _ store: ObjectStore) {
        guard case .ended(let id, _, .succeeded(let output, let object, _, _)) = event.kind,
            let step = folded?.planned(id), case .stage("solution.promote") = step.work,
            let environment = step.environment, let run = folded?.run, let token = folded?[id]?.token
        else { return }
        var known = output
        // An output that is gone tells nothing, and is named among the missing objects.
        if let object, let content = try? store.read(object) {
            known = (try? Value(json: String(decoding: content, as: UTF8.self))) ?? output
        }
        guard let digest = known["digest"]?.string, let solution = known["solution"]?.string,
            let version = known["version"]?.string
        else { return }
        deployments.append(
            ToldDeployment(
                run: run.rawValue, step: id.rawValue, environment: environment, token: token, solution: solution,
                version: version, digest: digest))
    }
}
