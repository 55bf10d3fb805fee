import Documents
import OrderedCollections
import Pipelines
import Testing

@Suite struct PlanCodingTests {
    @Test func plansSurviveJSON() throws {
        let plan = try Repository(PlannerTests.release).plan(["version": "1.2.0"])
        let json = try plan.value().json(pretty: true)
        let back = try Plan(Value(json: json))
        #expect(back == plan)
        #expect(back.digest == plan.digest)
        #expect(try plan.value()["format"] == 1)
        #expect(try plan.value()["steps"]?[0]?["kind"] == "openapi.lint")
        #expect(try plan.value()["environments"]?["prod"]?["after"] == "dev")
    }

    @Test func otherFormatsAreRefused() throws {
        var value = try Repository(PlannerTests.release).plan(["version": "1"]).value()
        value["format"] = 2
        let refused = #expect(throws: ValueMismatch.self) { try Plan(value) }
        #expect(refused?.message == "the plan has format 2, and this almrun reads format 1")
    }

    @Test func theDigestIsOfWhatIsDone() throws {
        let plan = try Repository(PlannerTests.release).plan(["version": "1.2.0"])
        let moved = try Repository("# a comment\n\n" + PlannerTests.release).plan(["version": "1.2.0"])
        #expect(moved != plan)
        #expect(moved.digest == plan.digest)
        #expect(plan.digest.count == 64)
        let other = try Repository(PlannerTests.release).plan(["version": "1.2.1"])
        #expect(other.digest != plan.digest)
    }

    @Test(arguments: [
        Argument.literal("plain"), .literal("a ${{ literal }} $${{"), .literal(.null), .literal(12),
        .reference(.secret("NAME")), .reference(.output("up:prod/promote", name: "package", path: ["digest"])),
        .text([.literal("v"), .reference(.run(.id)), .literal("-${{")]),
        .list([.literal(1), .map(["a": .reference(.run(.requester))])]), .map([:]), .list([]),
    ])
    func argumentsSurvive(_ argument: Argument) throws {
        #expect(try Argument(argument.value) == argument)
        #expect(try ValueDecoder().decode(Argument.self, from: ValueEncoder().encode(argument)) == argument)
    }

    @Test func argumentText() {
        #expect(
            Argument.reference(.output("pack", name: "package", path: ["digest"])).value
                == "${{ stages.pack.package.digest }}")
        #expect(Argument.literal("${{ x }}").value == "$${{ x }}")
        #expect(throws: ArgumentError.self) { try Argument("${{ nothing.here }}") }
    }
}
