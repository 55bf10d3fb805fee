import Engine
import Foundation
import Testing

@testable import Environments
@testable import Stages

@Suite("which package an environment goes back to")
struct RollbackChoiceTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)

    /// An environment in which these versions were deployed, an hour apart; a `!` says that reading back failed.
    private static func environment(_ versions: [String], solution: String = "Sales") -> EnvironmentState {
        var state = EnvironmentState(key: "k")
        deploy(versions, solution, &state)
        return state
    }

    private static func deploy(_ versions: [String], _ solution: String, _ state: inout EnvironmentState) {
        for text in versions {
            let version = text.replacing("!", with: "")
            let at = time.addingTimeInterval(Double(state.operations.count) * 3600)
            let digest = digest(solution, version)
            state.operations.append(
                EnvironmentState.Operation(
                    sequence: state.operations.count + 1, token: OperationToken("t\(state.operations.count)"),
                    solution: solution, version: version, digest: digest, action: .upgrade, by: "a@x.example", at: at,
                    result: text.hasSuffix("!") ? .differs : .verified, readBack: at))
            state.solutions[solution] = InstalledSolution(
                solution: solution, version: version, isManaged: true, digest: digest, installed: at, layers: [],
                components: [], connectionReferences: [], variables: [], flows: [])
        }
    }

    private static func digest(_ solution: String, _ version: String) -> String { "\(solution)-\(version)" }

    private func choice(
        _ versions: [String], to version: String? = nil
    ) throws(Refusal) -> String {
        try RollbackChoice(in: Self.environment(versions), environment: "prod", version: version).target.version
    }

    @Test("the newest verified version that is older than the installed one")
    func newestOlder() throws {
        #expect(try choice(["1.0.0.0", "1.1.0.0", "1.2.0.0"]) == "1.1.0.0")
        #expect(try choice(["1.0.0.0", "1.1.0.0!", "1.2.0.0"]) == "1.0.0.0", "what was never verified is not taken")
        #expect(try choice(["1.0.0.0", "1.1.0.0!"]) == "1.0.0.0", "the installed one need not be verified")
        #expect(
            try choice(["1.0.0.0", "1.1.0.0", "1.2.0.0", "1.1.0.0"]) == "1.0.0.0", "a second one goes further back")
    }

    @Test("what is nearer and was there before the target is passed over, unless a version is named")
    func passedOver() throws {
        func passed(_ versions: [String], to version: String? = nil) throws -> [String] {
            try RollbackChoice(in: Self.environment(versions), environment: "prod", version: version)
                .passedOver.map(\.version)
        }
        let stays = ["1.0.0.0", "1.1.0.0", "1.0.0.0", "1.2.0.0"]
        #expect(try choice(stays) == "1.0.0.0")
        #expect(try passed(stays) == ["1.1.0.0"])
        #expect(try passed(stays, to: "1.0.0.0") == [])
        #expect(try passed(["1.0.0.0", "1.1.0.0!", "1.2.0.0"]) == [], "what was never verified is no choice")
        #expect(try passed(["1.0.0.0", "1.1.0.0", "1.2.0.0", "1.1.0.0"]) == [], "a newer one is none either")
    }

    @Test("a version that was verified there can be named, in fewer numbers too")
    func named() throws {
        #expect(try choice(["1.0.0.0", "1.1.0.0", "1.2.0.0"], to: "1.0") == "1.0.0.0")
        #expect(try choice(["1.0.0.0", "1.1.0.0", "1.0.0.0"], to: "1.1.0.0") == "1.1.0.0")
    }

    @Test(
        "what cannot be gone back to is refused with what can",
        arguments: [
            ([], nil, "rollback/nothing-installed", "almrun run"),
            (["1.0.0.0"], nil, "rollback/nothing-before", "no other version"),
            (["1.0.0.0!", "1.1.0.0"], nil, "rollback/nothing-before", "no other version"),
            (
                ["1.0.0.0!", "1.2.0.0", "1.1.0.0"], nil, "rollback/nothing-before",
                "`almrun rollback prod --to 1.2.0.0 --solution Sales`"
            ),
            (["1.0.0.0", "1.1.0.0"], "0.9", "rollback/never-verified", "verified there: 1.0.0.0"),
            (["1.0.0.0", "1.1.0.0"], "1.1", "rollback/installed", "verified there: 1.0.0.0"),
            (["1.0.0.0", "1.1.0.0"], "one", "rollback/version", "verified there: 1.0.0.0"),
        ] as [([String], String?, String, String)])
    func refused(_ versions: [String], _ wanted: String?, _ code: String, _ note: String) throws {
        let refusal = #expect(throws: Refusal.self) { try choice(versions, to: wanted) }
        #expect(refusal?.code == code)
        #expect(refusal?.notes.joined().contains(note) == true, "\(refusal?.notes ?? [])")
    }

    @Test("of several solutions one must be named")
    func several() throws {
        var state = Self.environment(["1.0.0.0", "1.1.0.0"])
        Self.deploy(["2.0.0.0", "2.1.0.0"], "Core", &state)
        let refusal = #expect(throws: Refusal.self) { try RollbackChoice(in: state, environment: "prod") }
        #expect(refusal?.code == "rollback/several-solutions")
        #expect(refusal?.message.hasSuffix("Core, Sales") == true)
        let found = try RollbackChoice(in: state, environment: "prod", solution: "core")
        #expect(found.target.version == "2.0.0.0")
        let unknown = #expect(throws: Refusal.self) {
            try RollbackChoice(in: state, environment: "prod", solution: "Other")
        }
        #expect(unknown?.code == "rollback/unknown-solution")
    }
}
