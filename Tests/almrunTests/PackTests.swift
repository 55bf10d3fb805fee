import Foundation
import Testing

/// Packing with the built command, whose surroundings can be chosen.
@Suite(.waits) struct PackTests {
    @Test func theTimeZoneDoesNotChangeTheBytes() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "examples/contoso-sales/solution").path
        var made: Set<Data> = []
        for (number, zone) in ["UTC", "America/St_Johns", "Asia/Tokyo", "Pacific/Kiritimati"].enumerated() {
            let result = try BuiltCommand.run(
                ["pack", source, "\(number).zip"], in: work.path, environment: ["TZ": zone])
            #expect(result.status == 0, "\(result.error)")
            made.insert(try Data(contentsOf: URL(filePath: "\(work.path)/\(number).zip")))
        }
        #expect(made.count == 1)
    }

    /// A version that is known when the plan is made and is none is refused before anything runs.
    @Test func aVersionThatIsNoneIsRefusedWithThePlan() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: "")
        defer { repository.remove() }
        for command in ["plan", "run"] {
            let refused = try repository.almrun(command, "release", "--input", "version=abc")
            #expect(refused.status == 2 && refused.error.contains("[manifest/value]"), "\(refused.error)")
            #expect(refused.error.contains("input 'version' of 'solution.pack': 'abc'"), "\(refused.error)")
        }
        #expect(try repository.almrun("runs").output.isEmpty)
        let text = try String(contentsOfFile: "\(repository.path)/pipelines/release.yaml", encoding: .utf8)
        try repository.work.write(text.replacing("\"${{ inputs.version }}\"", with: "1.x"), "pipelines/release.yaml")
        let check = try repository.almrun("check")
        #expect(check.status == 2 && check.error.contains("[manifest/value]"), "\(check.error)")
    }
}
