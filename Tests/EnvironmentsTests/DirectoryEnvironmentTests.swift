import Foundation
import Testing

@testable import Environments

@Suite("A directory environment behaves like an environment")
struct DirectoryEnvironmentTests {
    @Test("an empty one has nothing, and asking makes no folder")
    func empty() async throws {
        let scratch = ScratchEnvironment()
        #expect(try await scratch.open().installed("ContosoSales") == nil)
        #expect(try await scratch.open().outcome(of: "t") == nil)
        #expect(try await scratch.open().history().isEmpty)
        #expect(try await scratch.open().lastVerified("ContosoSales") == nil)
        #expect(try await scratch.open().drift(of: "ContosoSales").isEmpty)
        #expect(!FileManager.default.fileExists(atPath: scratch.path))
    }

    @Test("what was installed is there when opened again")
    func install() async throws {
        let scratch = ScratchEnvironment()
        let package = PackageContents.sample()
        let receipt = try await scratch.install(package, token: "t1", settings: .sample)
        let solution = try #require(try await scratch.open().installed("ContosoSales"))
        #expect(solution.version == "1.0.0.0")
        #expect(solution.isManaged)
        #expect(solution.digest == package.digest)
        #expect(solution.installed == scratch.clock.now)
        #expect(
            solution.layers == [
                .init(kind: .base, version: "1.0.0.0", digest: package.digest, installed: scratch.clock.now)
            ])
        let state = try await scratch.open().state()
        #expect(state.connectionReferences["contoso_ref"]?.connection?.text == "conn-1")
        #expect(state.connectionReferences["contoso_ref"]?.connector == "shared_sales")
        #expect(state.variables["contoso_Url"]?.value?.text == "https://api.example.com")
        #expect(state.flows["f1"]?.isOn == true)
        #expect(state.flows["f2"]?.isOn == false)
        #expect(try await scratch.open().package(package.digest) == package.bytes)
        #expect(try await scratch.open().history() == [receipt])
        #expect(receipt.by == "ada@example.com")
        #expect(receipt.sequence == 1)
    }

    @Test("the same token installs once, whoever asks again")
    func once() async throws {
        let scratch = ScratchEnvironment()
        let environment = scratch.open()
        let plan = try await environment.plan(.sample(), settings: .sample)
        let first = try await environment.install(.sample(), plan: plan, token: "t1", by: "ada@example.com")
        scratch.clock.advance(by: 60)
        let again = try await environment.install(.sample(), plan: plan, token: "t1", by: "bob@example.com")
        #expect(again == first)
        #expect(try await environment.outcome(of: "t1") == first)
        #expect(try await environment.history().count == 1)
    }

    @Test("a token that installed another package is refused")
    func tokenUsed() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "t1", settings: .sample)
        let error = await #expect(throws: EnvironmentError.self) {
            try await scratch.install(.sample("2.0.0.0"), token: "t1", settings: .sample)
        }
        #expect(error?.code == "environment/token-used")
    }

    @Test("a plan against another state is stale")
    func stale() async throws {
        let scratch = ScratchEnvironment()
        let environment = scratch.open()
        try await scratch.install(.sample(), token: "t1", settings: .sample)
        let plan = try await environment.plan(.sample("1.2.0.0"), settings: .sample)
        try await scratch.install(.sample("1.1.0.0"), token: "t2", settings: .sample)
        let error = await #expect(throws: EnvironmentError.self) {
            try await environment.install(.sample("1.2.0.0"), plan: plan, token: "t3", by: "ada@example.com")
        }
        #expect(error?.kind == .stale)
        #expect(error?.notes.first == "'ContosoSales' 1.1.0.0 is installed now")
        #expect(try await environment.installed("ContosoSales")?.version == "1.1.0.0")
        #expect(try await environment.history().count == 2)
    }

    @Test("another solution in the same environment does not make a plan stale")
    func unrelated() async throws {
        let scratch = ScratchEnvironment()
        let environment = scratch.open()
        let plan = try await environment.plan(.sample(), settings: .sample)
        let other = PackageContents.sample(
            solution: "Other", components: [.init(kind: "x", name: "y")], references: [], variables: [], flows: [])
        try await scratch.install(other, token: "t1")
        _ = try await environment.install(.sample(), plan: plan, token: "t2", by: "ada@example.com")
        #expect(try await environment.state().solutions.count == 2)
    }

    @Test("a plan for another package, or one that was changed, is refused")
    func forged() async throws {
        let scratch = ScratchEnvironment()
        let environment = scratch.open()
        let plan = try await environment.plan(.sample(), settings: .sample)
        let foreign = await #expect(throws: EnvironmentError.self) {
            try await environment.install(.sample("2.0.0.0"), plan: plan, token: "t", by: "")
        }
        #expect(foreign?.code == "environment/stale-package")
        var other = plan
        other.action = .nothing
        let changed = other
        let forged = await #expect(throws: EnvironmentError.self) {
            try await environment.install(.sample(), plan: changed, token: "t", by: "")
        }
        #expect(forged?.code == "environment/plan-changed")
        var torn = PackageContents.sample()
        torn.bytes = Data("other".utf8)
        let package = torn
        let damaged = await #expect(throws: EnvironmentError.self) {
            try await environment.install(package, plan: plan, token: "t", by: "")
        }
        #expect(damaged?.code == "environment/package-damaged")
        #expect(try await environment.history().isEmpty)
    }

    @Test("verification is recorded, and eligibility follows from it")
    func verification() async throws {
        let scratch = ScratchEnvironment()
        let package = PackageContents.sample()
        let deployed = scratch.clock.now
        let receipt = try await scratch.install(package, token: "t1", settings: .sample)
        #expect(try await scratch.open().verified(package.digest) == nil)
        scratch.clock.advance(by: 10)
        #expect(try await scratch.open().verify(receipt).isEmpty)
        #expect(try await scratch.open().verified(package.digest) == deployed)
        scratch.clock.advance(by: 3600)
        // The settings change: the package goes on living there from its first day.
        var settings = EnvironmentSettings.sample
        settings.variables["contoso_Url"] = "https://new.example.com"
        let second = try await scratch.install(package, token: "t2", settings: settings)
        #expect(try await scratch.open().verified(package.digest) == nil, "new settings want to be read back")
        #expect(try await scratch.open().verify(second).isEmpty)
        let deployment = try #require(try await scratch.open().lastVerified("ContosoSales"))
        #expect(deployment.deployed == deployed)
        #expect(deployment.replaced == nil)
        let now = scratch.clock.now
        #expect(Eligibility(deployment, soak: 3600, now: now) == .eligible(deployment))
        #expect(
            Eligibility(deployment, soak: 7200, now: now)
                == .soaking(deployment, until: deployed.addingTimeInterval(7200)))
        #expect(Eligibility(nil, soak: 0, now: now) == .notVerified)
        let next = try await scratch.install(.sample("1.1.0.0"), token: "t3", settings: settings)
        #expect(try await scratch.open().verify(next).isEmpty)
        let replaced = try #require(try await scratch.open().verifiedDeployment(of: package.digest))
        #expect(replaced.replaced == now)
        #expect(Eligibility(replaced, soak: 7200, now: now.addingTimeInterval(1e6)) == .replacedTooEarly(replaced))
        #expect(
            try await scratch.open().state().verifiedDeployments(of: "ContosoSales").map(\.version) == [
                "1.1.0.0", "1.0.0.0",
            ])
    }

    @Test("what someone changed by hand is found and named")
    func drift() async throws {
        let scratch = ScratchEnvironment()
        let package = PackageContents.sample()
        let receipt = try await scratch.install(package, token: "t1", settings: .sample)
        let file = scratch.path + "/environment.json"
        let text = try String(contentsOfFile: file, encoding: .utf8)
            .replacingOccurrences(of: "https://api.example.com", with: "https://wrong.example.com")
            .replacingOccurrences(of: "conn-1", with: "conn-2")
            .replacingOccurrences(of: "\"isOn\" : true", with: "\"isOn\" : false")
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.path + "/packages/\(package.digest).zip"))
        let found = try await scratch.open().verify(receipt).map(\.description)
        #expect(
            found.prefix(3) == [
                "connection reference contoso_ref is conn-2, expected conn-1",
                "environment variable contoso_Url is https://wrong.example.com, expected https://api.example.com",
                "flow Invoice is off, expected on",
            ])
        #expect(found.last?.hasPrefix("stored package of ContosoSales is ") == true)
        #expect(try await scratch.open().verified(package.digest) == nil)
        #expect(try await scratch.open().drift(of: "ContosoSales").count == 3)
        #expect(try await scratch.open().state().operations.map(\.result) == [.differs])
    }

    @Test("damaged files are refused with their names and never taken for an empty environment")
    func damaged() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "t1", settings: .sample)
        try await scratch.install(.sample("2.0.0.0"), token: "t2", settings: .sample)
        let file = scratch.path + "/environment.json"
        let good = try Data(contentsOf: URL(fileURLWithPath: file))
        for (content, part) in [
            ("{", "no JSON"), ("{\"format\": 9}", "format 9"), ("{\"format\": 1}", "is missing"), ("", "no JSON"),
        ] {
            try Data(content.utf8).write(to: URL(fileURLWithPath: file))
            let error = await #expect(throws: EnvironmentError.self) {
                try await scratch.open().plan(.sample("3.0.0.0"))
            }
            #expect(error?.kind == .damaged)
            #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(file) == true)
        }
        try FileManager.default.removeItem(atPath: file)
        let gone = await #expect(throws: EnvironmentError.self) { try await scratch.open().plan(.sample("3.0.0.0")) }
        #expect(gone?.kind == .damaged)
        try good.write(to: URL(fileURLWithPath: file))
        try FileManager.default.removeItem(atPath: scratch.path + "/history/000002.json")
        let receipt = await #expect(throws: EnvironmentError.self) { try await scratch.open().outcome(of: "t2") }
        #expect(receipt?.message.hasSuffix("history/000002.json' is missing") == true)
    }

    @Test("the first receipt without a state is no empty environment, unless the first installation was cut off there")
    func oneReceipt() async throws {
        let scratch = ScratchEnvironment()
        let plan = try await scratch.open().plan(.sample("2.0.0.0"))
        try await scratch.install(.sample(), token: "t1", settings: .sample)
        let receipt = URL(filePath: scratch.path + "/history/000001.json")
        let written = try Data(contentsOf: receipt)
        try FileManager.default.removeItem(atPath: scratch.path + "/environment.json")
        let seen = await #expect(throws: EnvironmentError.self) { try await scratch.open().state() }
        #expect(seen?.message.contains("is missing, and the receipt '") == true)
        let refused = await #expect(throws: EnvironmentError.self) {
            try await scratch.open().install(.sample("2.0.0.0"), plan: plan, token: "t2", by: "")
        }
        #expect(refused?.kind == .damaged)
        #expect(try Data(contentsOf: receipt) == written)
        try FileManager.default.removeItem(atPath: scratch.path + "/history/state.json")
        let found = try await scratch.open().examine()
        #expect(found.contains { $0.consequence.contains("the next deployment is refused") }, "\(found)")
        // Of the second one, which was cut off.
        let intent = UnfinishedOperation(
            token: "t2", solution: "s", version: "2.0.0.0", digest: "d", by: "", at: Date(timeIntervalSince1970: 0))
        try StateCoding.readable(intent).write(to: URL(filePath: scratch.path + "/intent.json"))
        await #expect(throws: EnvironmentError.self) { try await scratch.open().state() }
        // A link that leads nowhere is no state either.
        let state = scratch.path + "/environment.json"
        try FileManager.default.createSymbolicLink(atPath: state, withDestinationPath: "/nowhere/e.json")
        let linked = await #expect(throws: EnvironmentError.self) { try await scratch.open().state() }
        #expect(linked?.kind == .damaged)
    }

    @Test("one process at a time: a second one waits, then says who is there")
    func busy() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "t1", settings: .sample)
        let plan = try await scratch.open().plan(.sample("2.0.0.0"), settings: .sample)
        let error = try await held(scratch.path + "/lock") {
            await #expect(throws: EnvironmentError.self) {
                try await scratch.open().install(.sample("2.0.0.0"), plan: plan, token: "t2", by: "")
            }
        }
        #expect(error?.kind == .busy)
        #expect(error?.notes == ["it is process \(ProcessInfo.processInfo.processIdentifier)"])
        _ = try await scratch.open().install(.sample("2.0.0.0"), plan: plan, token: "t2", by: "")
    }

    @Test("a wait says for whom, and ends with the task; with the folder locked it is asked once more")
    func stopped() async throws {
        let scratch = ScratchEnvironment()
        try await scratch.install(.sample(), token: "t1", settings: .sample)
        var environment = scratch.open()
        environment.patience = .seconds(60)
        let plan = try await environment.plan(.sample("2.0.0.0"), settings: .sample)
        let (told, tell) = AsyncStream.makeStream(of: String?.self)
        environment.whileBusy = { tell.yield($0) }
        let (waiting, early) = (environment, plan)
        let holder = try await held(scratch.path + "/lock") {
            let task = Task { try await waiting.install(.sample("2.0.0.0"), plan: early, token: "t2", by: "") }
            let holder = await told.first { _ in true }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            return holder
        }
        #expect(holder == "process \(ProcessInfo.processInfo.processIdentifier)")
        environment.confirm = { throw CancellationError() }
        await #expect(throws: CancellationError.self) {
            try await environment.install(.sample("2.0.0.0"), plan: plan, token: "t2", by: "")
        }
        #expect(try await environment.state().operations.map(\.token) == ["t1"])
        #expect(try await environment.unfinished() == nil)
    }

    private func held<T>(_ path: String, _ work: () async -> T) async throws -> T {
        let file = open(path, O_RDWR)
        try #require(file >= 0)
        defer { close(file) }
        try #require(flock(file, LOCK_EX | LOCK_NB) == 0)
        let text = "process \(ProcessInfo.processInfo.processIdentifier)\n"
        try #require(text.withCString { pwrite(file, $0, strlen($0), 0) } == text.utf8.count)
        return await work()
    }

    @Test("many installations at once leave one after the other")
    func concurrent() async throws {
        let scratch = ScratchEnvironment()
        let environment = DirectoryEnvironment(path: scratch.path)
        let packages = (1...8).map {
            PackageContents.sample(solution: "S\($0)", components: [], references: [], variables: [], flows: [])
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for package in packages {
                group.addTask {
                    let plan = try await environment.plan(package)
                    _ = try await environment.install(package, plan: plan, token: .init(package.solution), by: "")
                }
            }
            try await group.waitForAll()
        }
        let history = try await environment.history()
        #expect(history.map(\.sequence) == Array(1...8))
        #expect(Set(history.map(\.solution)) == Set(packages.map(\.solution)))
    }

    @Test("a folder that cannot be written is the disk's fault")
    func disk() async throws {
        let scratch = ScratchEnvironment()
        try Data().write(to: URL(fileURLWithPath: scratch.path))
        let error = await #expect(throws: EnvironmentError.self) { try await scratch.install(.sample(), token: "t") }
        #expect(error?.kind == .disk)
    }
}
