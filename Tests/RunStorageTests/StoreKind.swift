import Documents
import Engine
import OrderedCollections
import Pipelines
import RunStorage
import TestSupport

import struct Foundation.Date

/// The stores that must behave alike.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, sqlite

    func make(in folder: TemporaryFolder) throws -> any RunStore {
        switch self {
        case .memory: MemoryRunStore()
        case .sqlite: try SQLiteRunStore(folder: folder.path)
        }
    }
}

/// A step that installs in an environment.
func deployment(_ id: StepID, in environment: String, needs: [Need] = []) -> Step {
    Step(
        id: id, work: .stage("test.work"), effect: .once, environment: environment, locksEnvironment: true,
        needs: needs)
}

/// A plan whose environments say what a second run does.
func plan(_ steps: [Step], pending: Plan.Concurrency.Pending) -> Plan {
    var environments: OrderedDictionary<String, EnvironmentFile> = [:]
    for name in Set(steps.compactMap(\.environment)).sorted() {
        environments[name] = EnvironmentFile(name: name, target: .directory(path: "envs/\(name)"), pending: pending)
    }
    return Plan(pipeline: "p", steps: steps, environments: environments)
}

/// A runner that is not patient, unless it is told to be.
func runner(_ store: any RunStore, _ executor: ScriptedExecutor = ScriptedExecutor(), patience: Double = 0) -> Runner {
    var settings = RunnerSettings()
    settings.poll = 0.02
    settings.lockPatience = patience
    return Runner(store: store, settings: settings) { _ in executor }
}

/// Waits until something is so, for at most ten seconds.
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<500 {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}

extension RunStore {
    /// Makes a run of another process hold an environment, as of now.
    func occupy(_ environment: String, by run: RunID = "r0") async throws -> Lock {
        let now = Date.thisMillisecond
        let claim = try await claim(
            Lock.environment(environment), run: run, step: "deploy", now: now, until: now.addingTimeInterval(1000))
        guard case .granted(let lock) = claim else { throw RunStoreError.lockLost(environment) }
        return lock
    }

    func statuses(_ runs: [RunID]) async throws -> [RunStatus] {
        var found: [RunStatus] = []
        for run in runs { found.append(try await RunState.load(run, from: self).status) }
        return found
    }
}

extension Date {
    /// Now, as exact as a store keeps it.
    static var thisMillisecond: Date {
        Date(timeIntervalSince1970: (Date().timeIntervalSince1970 * 1000).rounded() / 1000)
    }
}
