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
}
