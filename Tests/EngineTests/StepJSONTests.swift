import Documents
import Foundation
import OrderedCollections
import Pipelines
import Testing

@testable import Engine

/// The quick way of writing a plan's steps, beside the `Codable` one that reads them back.
@Suite struct StepJSONTests {
    static let steps: [Step] = [
        step("plain"),
        Step(
            id: "prod/\"odd\"", work: .stage("shell.run"), effect: .once, environment: "prod", locksEnvironment: true,
            input: .map([
                "command": .list([.literal("true"), .text([.literal("$${{ "), .reference(.run(.id))])]),
                "package": .reference(.output("pack", name: "package", path: ["digest"])), "count": .literal(3),
            ]),
            needs: [
                Need("pack", .output("package")), Need("a", .declared), Need("b", .condition("x")), Need("c", .gate),
                Need("d", .evidence),
            ],
            condition: when("b", "x", 1, "y"), retry: RetryPolicy(attempts: 3), timeout: 600, isFinally: true,
            guarding: "e", pool: Pool(name: "p", width: 2), place: SourcePlace(file: "a/b.yaml", line: 3, column: 7)),
        Step(
            id: "gate", work: .gate(.approval(ApprovalPolicy(role: "manager", count: 2, expires: 60))), effect: .none,
            guarding: "prod"),
    ]

    @Test(arguments: steps) func bothWaysSayTheSame(_ step: Step) throws {
        var line = JSONLine()
        try step.write(to: &line)
        #expect(String(decoding: line.line(), as: UTF8.self) == (try ValueEncoder().encode(step).json()))
    }

    @Test func aNewMemberOfAStepIsWrittenHereToo() {
        #expect(
            Mirror(reflecting: step("a")).children.count == 14,
            "Step has other members now: write them in Step+JSON.swift, then mend this number")
    }

    @Test func aWholeCreationReadsBackEqual() throws {
        let creation = RunCreation(run: "r", plan: Plan(pipeline: "p", steps: Self.steps), requester: "a@example.com")
        let document = try Document(text: String(decoding: creation.json(), as: UTF8.self), file: "x.json")
        #expect(try RunCreation(json: document.root) == creation)
        let empty = RunCreation(run: "r", plan: Plan(pipeline: "p", steps: []), requester: "a@example.com")
        #expect(String(decoding: try empty.json(), as: UTF8.self).contains(#""steps":[]"#))
    }

    @Test(arguments: [0, 9, 1_800_000_000_007, 951_782_400_000, 4_107_542_399_999]) func timesHaveAllTheirDigits(
        _ milliseconds: Int
    ) throws {
        let date = EventTime.date(milliseconds)
        let text = EventTime.text(date)
        #expect(text.utf8.count == 24)
        #expect(EventTime.date(text) == date)
    }
}
