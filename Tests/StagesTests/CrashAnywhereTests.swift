import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import RunStorage
import Stages
import TestSupport
import Testing

/// A pipeline that holds every stage kind, on the real store and the real stages, stopped at every write of the store.
@Suite(.serialized) struct CrashAnywhereTests {
    private static let pipeline = """
        inputs: { version: { type: string } }
        stages:
          lint:
            uses: openapi.lint
            with: { document: connector/apiDefinition.swagger.json, ruleset: templates/rulesets/connector.yaml }
          diff:
            uses: openapi.diff
            with: { document: connector/apiDefinition.swagger.json, base: baseline/apiDefinition.swagger.json, version: "${{ inputs.version }}" }
          test:
            uses: connector.test
            environment: dev
            with: { document: connector/apiDefinition.swagger.json, cases: tests }
          pack:
            uses: solution.pack
            needs: [lint, diff, test]
            with: { source: solution, version: "${{ inputs.version }}", type: managed }
          tag:
            uses: git.tag
            needs: [pack]
            with: { name: "v${{ inputs.version }}", message: "${{ stages.diff.releaseNotes }}" }
          announce:
            uses: shell.run
            needs: [pack]
            with:
              command: [sh, -c, 'echo "$ALMRUN_TOKEN" >> .almrun/announce.txt']
              probe: [sh, -c, 'touch .almrun/announce.txt; grep -q "$ALMRUN_TOKEN" .almrun/announce.txt']
          ticket:
            uses: shell.run
            needs: [pack]
            with: { command: [sh, -c, 'echo "$ALMRUN_TOKEN" >> .almrun/ticket.txt'] }
          signoff:
            uses: approval.wait
            needs: [pack]
            with: { role: architect }
          dev:
            template: promote
            with: { environment: dev, package: "${{ stages.pack.package }}" }
          prod:
            template: promote
            needs: [dev, signoff]
            with: { environment: prod, package: "${{ stages.pack.package }}" }
        finally:
          notes:
            uses: shell.run
            with: { command: [sh, -c, 'echo x >> .almrun/notes.txt'], effect: repeatable }
        """

    private static func environment(_ name: String, _ more: String) -> String {
        """
        target: { kind: directory, path: .almrun/environments/\(name) }
        connections:
          contoso_sharedcontososales: { connector: contoso-sales, connection: shared-contososales-\(name)-1 }
        variables: { contoso_SalesApiUrl: "https://api.\(name).contoso.example/sales/v1" }
        flows: { default: enabled }
        backend: mock
        \(more)
        """
    }

    /// The repository, with the results of lint, diff and test kept: they may be reused.
    private static func prepare() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let files = FileManager.default
        func copy(_ name: String, to place: String) throws {
            let from = URL(filePath: "\(SampleData.packageRoot)/\(name)").resolvingSymlinksInPath().path
            try files.copyItem(atPath: from, toPath: folder.path(place))
        }
        try copy("templates", to: "templates")
        for name in ["connector", "baseline", "tests", "solution"] {
            try copy("examples/contoso-sales/\(name)", to: name)
        }
        let text = Self.pipeline
        try folder.write(text, to: "pipelines/release.yaml")
        try folder.write(
            text.components(separatedBy: "\n").prefix { !$0.hasPrefix("  pack:") }.joined(separator: "\n") + "\n",
            to: "pipelines/checks.yaml")
        try folder.write(environment("dev", ""), to: "environments/dev.yaml")
        try folder.write(
            environment("prod", "after: dev\ngates: { approvals: [{ role: manager, distinctFrom: [requester] }] }"),
            to: "environments/prod.yaml")
        try folder.write(
            "manager: [mads@contoso.example]\narchitect: [sigrid@contoso.example]\n", to: "environments/roles.yaml")
        try folder.write(".almrun/\n", to: ".gitignore")
        try git(folder, "init", "-q", "-b", "main", "--template=")
        try git(folder, "add", "-A")
        try git(folder, "-c", "user.name=R", "-c", "user.email=rana@contoso.example", "commit", "-q", "-m", "all")
        try git(folder, "config", "user.name", "R")
        try git(folder, "config", "user.email", "rana@contoso.example")
        let process = try Process(folder.path, failing: nil, losesAnswer: false)
        let ending = try await process.runner.start(
            process.plan("checks"), RunRequest(run: "checks-1", requester: "rana@contoso.example"))
        try #require(ending.state.status == .succeeded, "\(ending.state.steps.compactMap(\.failure))")
        return folder
    }

    @discardableResult
    private static func git(_ folder: TemporaryFolder, _ arguments: String...) throws -> String {
        let process = Foundation.Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder.path] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["GIT_CONFIG_GLOBAL": "/dev/null"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "git \(arguments): \(text)")
        return text
    }

    /// One process that works on the repository: everything is real but its death.
    private struct Process {
        let root: String
        let store: FaultyRunStore
        let objects: ObjectStore

        init(_ root: String, failing: Int?, losesAnswer: Bool) throws {
            self.root = root
            store = FaultyRunStore(
                try SQLiteRunStore(folder: root + "/.almrun"), failing: failing, losesAnswer: losesAnswer)
            objects = ObjectStore(folder: root + "/.almrun/objects/sha256")
        }

        func plan(_ pipeline: String = "release") throws -> Plan {
            try Planner(root: root, stages: BuiltinStages.descriptions).plan(
                pipeline: pipeline, inputs: ["version": "1.2.0"])
        }

        var runner: Runner {
            var settings = RunnerSettings()
            settings.poll = 0.05
            return Runner(
                store: store, objects: objects, logs: StepLogs(folder: root + "/.almrun/logs"), settings: settings
            ) { [root, objects] state in
                LocalExecutor(plan: state.plan, root: root, objects: objects, secrets: Secrets(), version: "1")
            }
        }

        func work(_ answers: [Assumption]) async throws -> RunState {
            guard try await store.events(of: "release-1", after: 0).isEmpty else {
                return try await runner.resume("release-1", by: "rana@contoso.example", assumptions: answers).state
            }
            return try await runner.start(
                plan(), RunRequest(run: "release-1", requester: "rana@contoso.example")
            ).state
        }
    }

    private struct Ending {
        var state: RunState
        var writes = 0
        var crashes = 0
        /// The events that a later process found, each longer than the one before.
        var ledgers: [[LedgerLine]] = []
    }

    /// Works on the run until it has ended; the first process to come to that many writes dies there.
    private func complete(_ root: String, failing: Int?, losesAnswer: Bool) async throws -> Ending {
        var left = failing
        var writes = 0
        var crashes = 0
        var ledgers: [[LedgerLine]] = []
        var answers: [Assumption] = []
        for _ in 0..<20 {
            let process = try Process(root, failing: left, losesAnswer: losesAnswer)
            do {
                ledgers.append(try await process.store.events(of: "release-1", after: 0))
                let state = try await process.work(answers)
                answers = []
                if state.status.isFinished {
                    writes += process.store.writes
                    return Ending(state: state, writes: writes, crashes: crashes, ledgers: ledgers)
                }
                let decisions = Decisions(store: process.store, objects: process.objects)
                for (step, current) in zip(state.plan.steps, state.steps) {
                    switch current.status {
                    case .waiting:
                        guard case .suspended(let suspension)? = current.reason, suspension.cause == .approval else {
                            continue
                        }
                        let person = step.id == "signoff" ? "sigrid@contoso.example" : "mads@contoso.example"
                        try await decisions.approve("release-1", step.id, by: .init(email: person))
                    case .uncertain:
                        #expect(step.id == "ticket", "only a command without a probe leaves a doubt")
                        // The shell makes the file before it writes its line, and may have been ended between.
                        let content = try? Data(contentsOf: URL(filePath: root + "/.almrun/ticket.txt"))
                        let isDone = content?.isEmpty == false
                        answers.append(Assumption(step: step.id, isDone: isDone))
                    default: break
                    }
                }
            } catch RunStoreError.unavailable {
                crashes += 1
            } catch is Refusal {
                // The answer to an earlier approval was lost.
            }
            writes += process.store.writes
            left = process.store.isDead ? nil : left.map { $0 - process.store.writes }
        }
        throw CancellationError()
    }

    /// Whatever a process that died had written to logs and objects, the ledger agrees with it.
    private static func verify(_ root: String, _ note: Comment) async throws {
        let store = try SQLiteRunStore(folder: root + "/.almrun")
        let check = RunVerification(
            try #require(try await store.stored("release-1")),
            objects: ObjectStore(folder: root + "/.almrun/objects/sha256"),
            logs: StepLogs(folder: root + "/.almrun/logs"))
        #expect(check.isSound && check.counts.logs > 3, "\(note): \(check.text)")
    }

    @Test func everyStageKindSurvivesTheLastWriteOfItsProcess() async throws {
        let template = try await Self.prepare()
        let reference = try TemporaryFolder()
        let root = reference.path("r")
        try FileManager.default.copyItem(atPath: template.path, toPath: root)
        let whole = try await complete(root, failing: nil, losesAnswer: false)
        try #require(whole.state.status == .succeeded, "\(whole.state.statuses)")
        #expect(whole.crashes == 0)
        #expect(whole.writes > 20)
        let kinds = Set(
            whole.state.plan.steps.compactMap { if case .stage(let kind) = $0.work { kind } else { nil } })
        #expect(kinds == Set(BuiltinStages.descriptions.map(\.kind)).subtracting(["approval.wait"]))
        let expected = try Self.world(root)
        // Every write, before and after it is durable in turns; `make torture` tries both at each, and smaller ones.
        var crashed = 0
        for write in 1...whole.writes {
            let folder = try TemporaryFolder()
            let root = folder.path("r")
            try FileManager.default.copyItem(atPath: template.path, toPath: root)
            let losesAnswer = write.isMultiple(of: 2)
            let note: Comment = "at write \(write)\(losesAnswer ? ", kept" : "")"
            let ending = try await complete(root, failing: write, losesAnswer: losesAnswer)
            crashed += ending.crashes
            #expect(ending.state.status == .succeeded, note)
            #expect(ending.state.statuses == whole.state.statuses, note)
            #expect(try Self.world(root) == expected, note)
            try await Self.verify(root, note)
            for name in ["announce", "ticket"] {
                let lines = try folder.read("r/.almrun/\(name).txt").split(separator: "\n")
                #expect(lines.count == 1, "\(name) \(note)")
            }
            let store = try SQLiteRunStore(folder: root + "/.almrun")
            let events = try await store.events(of: "release-1", after: 0)
            for earlier in ending.ledgers { #expect(Array(events.prefix(earlier.count)) == earlier, note) }
            #expect(try await RunState.load("release-1", from: store).head == ending.state.head, note)
            #expect(try await store.locks() == [], note)
            #expect(try await store.problems() == [], note)
        }
        #expect(crashed > whole.writes * 2 / 3)
    }

    /// What is outside the store at the end, without times and random names.
    private static func world(_ root: String) throws -> [String: String] {
        var world: [String: String] = [:]
        for name in ["dev", "prod"] {
            let folder = "\(root)/.almrun/environments/\(name)"
            let data = try Data(contentsOf: URL(filePath: folder + "/environment.json"))
            let state = plain(try JSONSerialization.jsonObject(with: data))
            world[name] = String(
                decoding: try JSONSerialization.data(withJSONObject: state, options: .sortedKeys), as: UTF8.self)
            world[name + " packages"] = try FileManager.default.contentsOfDirectory(atPath: folder + "/packages")
                .sorted().joined(separator: " ")
        }
        let tags = try FileManager.default.contentsOfDirectory(atPath: root + "/.git/refs/tags")
        world["tags"] = tags.joined(separator: " ")
        let objects = root + "/.almrun/objects/sha256"
        for path in try FileManager.default.subpathsOfDirectory(atPath: objects) {
            let name = URL(filePath: path).lastPathComponent
            guard name.utf8.count == 64 else { continue }
            let content = try Data(contentsOf: URL(filePath: objects + "/" + path))
            #expect(ObjectStore.digest(of: content) == name)
        }
        return world
    }

    private static func plain(_ value: Any) -> Any {
        let passing: Set<String> = ["at", "readBack", "token", "key", "secretDigest", "installed", "plan"]
        switch value {
        case let members as [String: Any]:
            return members.filter { !passing.contains($0.key) }.mapValues(plain)
        case let items as [Any]: return items.map(plain)
        default: return value
        }
    }
}

extension RunState {
    fileprivate var statuses: [String: StepStatus] {
        Dictionary(uniqueKeysWithValues: zip(plan.steps, steps).map { ($0.id.rawValue, $1.status) })
    }
}
