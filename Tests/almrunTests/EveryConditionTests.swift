import Foundation
import Testing

/// `almrun why PACKAGE ENVIRONMENT` lists everything that stands in the way, and when each could be over.
@Suite(.waits) struct EveryConditionTests {
    private struct Answer: Decodable {
        struct Condition: Decodable {
            var kind: String
            var standing: String
            var text: String
            var notBefore: String?
            var command: String?
        }

        var standing: String
        var conditions: [Condition]
        var earliest: String?
        var next: [String]
    }

    private static let isLockable = FileManager.default.isExecutableFile(atPath: "/usr/bin/flock")

    @Test(.enabled(if: isLockable, "there is no flock command"))
    func allThatIsUnmetIsListed() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try repository.work.write(
            """
            stages:
              pack: { uses: solution.pack, with: { source: solution, version: 1.1.0, type: managed } }
            """, "pipelines/build.yaml")
        #expect(try repository.almrun("run", "build").status == 0)
        let first = try repository.almrun("run", "release", "--input", "version=0.9.0")
        try #require(first.status == 0, "\(first.error)")

        let today = Date()
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        func day(_ days: Int) throws -> String {
            let date = try #require(calendar.date(byAdding: .day, value: days, to: today))
            return date.formatted(.iso8601.year().month().day())
        }
        // An hour of the day that is not this one.
        let from = calendar.component(.hour, from: today) < 12 ? 20 : 2
        try repository.write("dev", "")
        let strict = """
            target: { kind: directory, path: .almrun/environments/prod }
            after: dev
            gates:
              soak: 24h
              evidence: [test, diff]
              approvals: [{ role: manager, distinctFrom: [requester] }]
              windows: [{ days: daily, from: "\(from < 10 ? "0" : "")\(from):00", to: "\(from < 10 ? "0" : "")\(from + 1):00", timeZone: UTC }]
              freezes: [{ from: \(try day(-1)), to: \(try day(2)), reason: Year end, timeZone: UTC }]
            """
        try repository.work.write(strict, "strict.yaml")
        // Another run is at work in prod, held up by whoever has the environment's folder.
        let script = """
            exec 9>>.almrun/environments/prod/lock && flock 9
            almrun run release --input version=1.0.0 >/dev/null 2>&1 9>&- &
            for _ in $(seq 300); do almrun locks 2>/dev/null | grep -q 'environment prod' && break; sleep 0.1; done
            cp strict.yaml environments/prod.yaml
            almrun why ContosoSales@1.1.0 prod --format json > why.json; echo $? > why.status
            almrun why ContosoSales@1.1.0 prod > why.txt
            exec 9>&-
            wait
            """
        try repository.shell(script)
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: "\(repository.path)/\(name)", encoding: .utf8)
        }
        #expect(try text("why.status") == "75\n")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(try text("why.json").utf8))
        let shown = try text("why.txt")
        #expect(answer.standing == "unmet")
        let unmet = answer.conditions.filter { $0.standing == "unmet" }
        #expect(
            unmet.map(\.kind) == [
                "after", "soak", "evidence", "evidence", "bindings", "approval", "window", "freeze", "lock",
            ],
            "\(shown)")
        for (kind, words) in [
            ("after", "it was never deployed and verified in 'dev'"), ("soak", "it must live in 'dev' for 1 d"),
            ("evidence", "no run shows 'test' of it"), ("evidence", "no run shows 'diff' of it"),
            ("approval", "1 of 'manager' (mads@contoso.example) must approve, not the requester"),
            ("window", "outside the windows"), ("freeze", ": Year end"), ("lock", "of run release-"),
        ] {
            #expect(unmet.contains { $0.kind == kind && $0.text.contains(words) }, "\(kind): \(shown)")
            #expect(shown.contains(words), "\(shown)")
        }
        // Where time alone is missing, it is said when it could be met; the whole cannot be earlier than any of it.
        let earliest = try #require(answer.earliest)
        for kind in ["soak", "window", "freeze"] {
            let date = try #require(unmet.first { $0.kind == kind }?.notBefore)
            #expect(date <= earliest, "\(kind)")
            #expect(shown.contains("not before"), "\(shown)")
        }
        #expect(shown.contains("9 conditions are not met"), "\(shown)")
        for kind in ["after", "lock"] {
            #expect(unmet.first { $0.kind == kind }?.command?.hasPrefix("almrun ") == true)
        }
        // What is not bound would be refused.
        #expect(answer.next == [])
        #expect(answer.conditions.first { $0.kind == "version" }?.standing == "met")
    }
}
