import Foundation
import Testing

@testable import Environments

/// An environment whose state is gone, damaged or an older one: what is put back, and what is never written over.
@Suite struct StateCopyTests: ExaminedEnvironment {
    let scratch = ScratchEnvironment()

    /// A copy of it lies beside the receipts; what was there in its place is kept.
    @Test(arguments: ["missing", "cut short", "folder"]) func aLostStateIsPutBackFromItsCopy(_ kind: String)
        async throws
    {
        let receipts = try await installed()
        let place = file("environment.json")
        let good = try Data(contentsOf: place)
        try FileManager.default.removeItem(at: place)
        switch kind {
        case "cut short": try good.prefix(good.count / 2).write(to: place)
        case "folder": try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        default: break
        }
        await #expect { _ = try await scratch.open().state() } throws: { error in
            "\(error)".contains("`almrun doctor --repair` does it, from '\(file("history/state.json").path)'")
        }
        let found = try await scratch.open().examine(knowing: known(receipts))
        #expect(
            found.map(\.kind) == [.mendable] && found[0].consequence.contains("doctor --repair` does it, from"),
            "\(found)")
        try await scratch.open().mendState()
        #expect(try Data(contentsOf: place) == good)
        #expect(FileManager.default.fileExists(atPath: "\(place.path).damaged") == (kind != "missing"))
        #expect(try await scratch.open().examine(knowing: known(receipts)).isEmpty)
        #expect(try await scratch.open().lastVerified("ContosoSales")?.version == "1.1.0.0")
    }

    /// Put back from somebody's backup, it would be installed over, and with it the receipts of what is really there.
    @Test func anOlderStateIsRefusedAndTheNewerPutBack() async throws {
        var states: [Data] = []
        for (number, version) in ["1.0.0.0", "1.1.0.0", "1.2.0.0"].enumerated() {
            let receipt = try await scratch.install(.sample(version), token: "t\(number)", settings: .sample)
            _ = try await scratch.open().verify(receipt)
            states.append(try Data(contentsOf: file("environment.json")))
        }
        let last = try Data(contentsOf: file("history/000003.json"))
        let plan = try await scratch.open().plan(.sample("2.0.0.0"), settings: .sample)
        for (number, older) in states.dropLast().enumerated() {
            try older.write(to: file("environment.json"))
            let refused = await #expect(throws: EnvironmentError.self) {
                try await scratch.open().install(.sample("2.0.0.0"), plan: plan, token: "t9", by: "")
            }
            #expect(refused?.code == "environment/damaged")
            #expect(refused?.message.contains("ends with operation \(number + 1), and the receipt") == true)
            await #expect(throws: EnvironmentError.self) { _ = try await scratch.open().state() }
            #expect(try Data(contentsOf: file("history/000003.json")) == last)
            #expect(try await scratch.open().examine().map(\.kind) == [.mendable])
            try await scratch.open().mendState()
            #expect(try Data(contentsOf: file("environment.json")) == states[2])
            let kept = number == 0 ? "environment.json.damaged" : "environment.json.damaged-2"
            #expect(try Data(contentsOf: file(kept)) == older)
        }
        // The state of another environment, with as many operations, or with more.
        let other = ScratchEnvironment()
        for (number, version) in ["1.0.0.0", "1.1.0.0", "1.2.0.0", "1.3.0.0"].enumerated() {
            try await other.install(.sample(version), token: "o\(number)", settings: .sample)
            guard number > 1 else { continue }
            let foreign = try Data(contentsOf: URL(filePath: "\(other.path)/environment.json"))
            try foreign.write(to: file("environment.json"))
            let refused = await #expect(throws: EnvironmentError.self) { _ = try await scratch.open().state() }
            #expect(refused?.message.hasSuffix("is of another environment or history") == true)
            try await scratch.open().mendState()
            #expect(try Data(contentsOf: file("environment.json")) == states[2])
        }
        // The copy is the only thing left that knows of the last one: nothing is written over it.
        try states[1].write(to: file("environment.json"))
        try FileManager.default.removeItem(at: file("history/000003.json"))
        try await scratch.open().mendState()
        #expect(try Data(contentsOf: file("history/state.json")) == states[2])
    }

    /// The receipt of an installation that was cut off is no objection to the copy of before it.
    @Test func aCopyOfBeforeWhatWasCutOffIsPutBack() async throws {
        _ = try await scratch.install(.sample("1.0.0.0"), token: "t1", settings: .sample)
        let good = try Data(contentsOf: file("environment.json"))
        let disk = Disk { reached, path in
            if reached == .create, path.hasSuffix("environment.json") { throw Disk.Interruption() }
        }
        _ = try? await scratch.install(.sample("1.1.0.0"), token: "t2", settings: .sample, disk: disk)
        #expect(FileManager.default.fileExists(atPath: file("history/000002.json").path))
        #expect(try Data(contentsOf: file("environment.json")) == good)
        try FileManager.default.removeItem(at: file("environment.json"))
        await #expect(throws: EnvironmentError.self) { _ = try await scratch.open().state() }
        try await scratch.open().mendState()
        #expect(try Data(contentsOf: file("environment.json")) == good)
        _ = try await scratch.install(.sample("1.1.0.0"), token: "t2", settings: .sample)
        #expect(try await scratch.open().examine().isEmpty)
    }

    /// Whatever instant the second one is cut off at as well, the environment is as the last that took effect left it.
    @Test(arguments: Disk.Point.allCases) func twoThatAreCutOffOneAfterTheOtherLeaveTheState(_ point: Disk.Point)
        async throws
    {
        var hits = 0
        for name in ["intent.json", "000002.json", ".zip", "/history", "/packages", "environment.json"] {
            let scratch = ScratchEnvironment()
            _ = try await scratch.install(.sample("1.0.0.0"), token: "t1", settings: .sample)
            let good = try await scratch.open().state()
            func cutOff(_ version: String, _ token: String, _ at: Disk.Point, _ name: String) async -> Bool {
                let disk = Disk { reached, path in
                    if reached == at, path.hasSuffix(name) { throw Disk.Interruption() }
                }
                return (try? await scratch.install(.sample(version), token: token, settings: .sample, disk: disk))
                    == nil
            }
            #expect(await cutOff("1.1.0.0", "t2", .create, "environment.json"))
            guard await cutOff("1.2.0.0", "t3", point, name) else { continue }
            let state = try await scratch.open().state()
            #expect(state == good || state.operations.count == 2, "\(name)")
            #expect(try await scratch.open().examine().allSatisfy { $0.kind != .problem }, "\(name)")
            _ = try await scratch.install(.sample("1.2.0.0"), token: "t3", settings: .sample)
            #expect(try await scratch.open().state().operations.map(\.token) == ["t1", "t3"])
            hits += 1
        }
        #expect(hits > 0 || point == .makeFolder)
    }

    /// What no receipt bears out is no copy; what somebody had changed before it was made is put back, and named as before.
    @Test func aCopyOfAnotherHistoryIsNotPutBack() async throws {
        _ = try await installed()
        let good = try Data(contentsOf: file("history/state.json"))
        try FileManager.default.removeItem(at: file("environment.json"))
        var edited = try StateCoding.decode(EnvironmentState.self, from: good)
        edited.operations[1].version = "9.9.0.0"
        try StateCoding.readable(edited).write(to: file("history/state.json"))
        #expect(try await scratch.open().examine().first?.kind == .problem)
        try await scratch.open().mendState()
        #expect(!FileManager.default.fileExists(atPath: file("environment.json").path))
        try good.write(to: file("history/state.json"))
        try change("history/state.json", "https://api.example.com", "https://other.example.com")
        try await scratch.open().mendState()
        let found = try await scratch.open().examine()
        #expect(found.contains { $0.message.contains("contoso_Url is https://other") }, "\(found)")
    }

    /// A history of before it, put back by somebody together with its copy, is what the runs know better.
    @Test func aCopyThatTheRunsKnowMoreThanIsNotPutBack() async throws {
        let first = try await scratch.install(.sample("1.0.0.0"), token: "t1", settings: .sample)
        let older = try Data(contentsOf: file("history/state.json"))
        let second = try await scratch.install(.sample("1.1.0.0"), token: "t2", settings: .sample)
        try older.write(to: file("history/state.json"))
        for name in ["environment.json", "history/000002.json"] { try FileManager.default.removeItem(at: file(name)) }
        let told = known([first, second])
        let found = try await scratch.open().examine(knowing: told)
        #expect(found.first?.kind == .problem, "\(found)")
        #expect(found.first?.message.contains("step 'promote' of run 'r2' brought 'ContosoSales' 1.1.0.0 here") == true)
        try await scratch.open().mendState(knowing: told)
        #expect(!FileManager.default.fileExists(atPath: file("environment.json").path))
        // Nobody knows of more.
        try await scratch.open().mendState(knowing: known([first]))
        #expect(try Data(contentsOf: file("environment.json")) == older)
    }

    /// The copy is there for safety: where it cannot be written, what took effect has not failed.
    @Test func aDeploymentDoesNotFailForItsCopy() async throws {
        _ = try await scratch.install(.sample("1.0.0.0"), token: "t1", settings: .sample)
        try FileManager.default.removeItem(at: file("history/state.json"))
        try FileManager.default.createDirectory(at: file("history/state.json"), withIntermediateDirectories: false)
        #expect(try await scratch.open().examine().map(\.kind) == [.note])
        let receipt = try await scratch.install(.sample("1.1.0.0"), token: "t2", settings: .sample)
        #expect(try await scratch.open().verify(receipt).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: file("intent.json").path))
        // What lay in the place of the copy is kept beside it.
        #expect(try await scratch.open().examine().isEmpty)
        #expect(try Data(contentsOf: file("history/state.json")) == Data(contentsOf: file("environment.json")))
        #expect(FileManager.default.fileExists(atPath: file("history/state.json.damaged").path))
    }

    /// Packages are there before the first receipt, beside the note of what is under way.
    @Test func packagesWithoutAStateAreNoEmptyEnvironment() async throws {
        _ = try await installed()
        for name in ["environment.json", "history"] { try FileManager.default.removeItem(at: file(name)) }
        let seen = await #expect(throws: EnvironmentError.self) { _ = try await scratch.open().state() }
        #expect(seen?.message.contains("is missing, and the package '") == true)
        #expect(
            try await scratch.open().examine().contains { $0.consequence.contains("the next deployment is refused") })
    }

    /// What a crash left of an operation that the copy knows as done excuses no missing state.
    @Test func aNoteOfWhatIsDoneHidesNoMissingState() async throws {
        _ = try await scratch.install(.sample("1.0.0.0"), token: "t1", settings: .sample)
        let state = try Data(contentsOf: file("environment.json"))
        let receipt = try JSONSerialization.jsonObject(with: Data(contentsOf: file("history/000001.json")))
        let digest = try #require((receipt as? [String: Any])?["digest"] as? String)
        let intent = UnfinishedOperation(
            token: "t1", solution: "S", version: "1.0.0.0", digest: digest, by: "x", at: Date(timeIntervalSince1970: 0))
        try StateCoding.readable(intent).write(to: file("intent.json"))
        try FileManager.default.removeItem(at: file("environment.json"))
        await #expect(throws: EnvironmentError.self) { _ = try await scratch.open().state() }
        try await scratch.open().mendState()
        #expect(try Data(contentsOf: file("environment.json")) == state)
    }

    /// Of what was taken away from the state, with its receipt, the copy alone still knows.
    @Test func aCopyThatKnowsMoreIsNotWrittenOver() async throws {
        _ = try await scratch.install(.sample("1.0.0.0"), token: "t1", settings: .sample)
        let older = try Data(contentsOf: file("environment.json"))
        _ = try await scratch.install(.sample("1.1.0.0"), token: "t2", settings: .sample)
        let newer = try Data(contentsOf: file("history/state.json"))
        try older.write(to: file("environment.json"))
        try FileManager.default.removeItem(at: file("history/000002.json"))
        for name in try FileManager.default.contentsOfDirectory(atPath: file("packages").path)
        where !String(decoding: older, as: UTF8.self).contains(name.split(separator: ".")[0]) {
            try FileManager.default.removeItem(at: file("packages/\(name)"))
        }
        let told = try await scratch.open().examine()
        #expect(told.contains { $0.message.contains("knows of operations that the state does not know") }, "\(told)")
        try await scratch.open().mendState()
        #expect(try Data(contentsOf: file("history/state.json")) == newer)
        _ = try await scratch.install(.sample("1.2.0.0"), token: "t3", settings: .sample)
        #expect(try Data(contentsOf: file("history/state.json.damaged")) == newer)
        #expect(try Data(contentsOf: file("history/state.json")) == Data(contentsOf: file("environment.json")))
        #expect(try await scratch.open().examine().isEmpty)
    }

    /// Whose the state is the newest receipt says that can be read.
    @Test func aStateOfAnotherHistoryIsRefusedAlsoBesideADamagedReceipt() async throws {
        _ = try await scratch.install(.sample("1.0.0.0"), token: "t1", settings: .sample)
        _ = try await scratch.install(.sample("1.1.0.0"), token: "t2", settings: .sample)
        let text = try String(contentsOf: file("environment.json"), encoding: .utf8)
        try Data("x".utf8).write(to: file("history/000002.json"))
        #expect(try await scratch.open().state().operations.count == 2)
        try text.replacing("\"t1\"", with: "\"o1\"").replacing("\"t2\"", with: "\"o2\"")
            .write(to: file("environment.json"), atomically: true, encoding: .utf8)
        let seen = await #expect(throws: EnvironmentError.self) { _ = try await scratch.open().state() }
        #expect(seen?.message.contains("000001.json' is of another environment or history") == true)
    }

    /// A copy of before the last operation, or of another environment, would make that operation undone.
    @Test func anOlderCopyIsNotPutBack() async throws {
        _ = try await scratch.install(.sample("1.0.0.0"), token: "t1", settings: .sample)
        let older = try Data(contentsOf: file("history/state.json"))
        _ = try await scratch.install(.sample("1.1.0.0"), token: "t2", settings: .sample)
        for content in [older, Data("{".utf8), Data()] {
            try content.write(to: file("history/state.json"))
            let good = try Data(contentsOf: file("environment.json"))
            #expect(try await scratch.open().examine().map(\.kind) == [.note])
            try FileManager.default.removeItem(at: file("environment.json"))
            let found = try await scratch.open().examine()
            #expect(found.map(\.kind) == [.problem] && !found[0].consequence.contains("state.json"), "\(found)")
            try await scratch.open().mendState()
            #expect(!FileManager.default.fileExists(atPath: file("environment.json").path))
            // What is whole is left alone, and copied anew.
            try good.write(to: file("environment.json"))
            try await scratch.open().mendState()
            #expect(try Data(contentsOf: file("environment.json")) == good)
            #expect(try Data(contentsOf: file("history/state.json")) == good)
        }
        // One of a newer version is whole.
        let newer = Data("{\"format\": 99}".utf8)
        try newer.write(to: file("environment.json"))
        try await scratch.open().mendState()
        #expect(try Data(contentsOf: file("environment.json")) == newer)
    }
}
