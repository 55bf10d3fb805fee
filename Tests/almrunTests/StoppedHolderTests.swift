import Foundation
import Testing

/// The built command beside a run whose process is stopped while it has what another one waits for.
@Suite(.waits) struct StoppedHolderTests {
    /// What to do about a package comes to nothing before somebody lets the process go on.
    @Test(arguments: ["refuse", "queue"]) func whyNamesWhatLetsItGoOn(_ pending: String) throws {
        let repository = try ReleaseRepository(
            ["dev": "pending: refuse", "prod": "after: dev"], roles: "manager: [mads@contoso.example]\n",
            stages: pending == "queue" ? "concurrency: { group: g }\n" : "")
        defer { repository.remove() }
        try repository.shell(
            """
            "$ALMRUN" run release --input version=1.0.0 >/dev/null
            "$ALMRUN" pack solution new.zip --type managed --solution-version 1.3.0 >/dev/null
            (flock 9; echo > locked; until test -e free; do sleep 0.02; done) 9>.almrun/environments/dev/lock & holder=$!
            until test -e locked; do sleep 0.02; done
            "$ALMRUN" run release --input version=1.1.0 >/dev/null 2>&1 & job=$!
            for i in $(seq 500); do "$ALMRUN" locks 2>/dev/null | grep -q 'environment dev' && break; sleep 0.02; done
            kill -STOP $job; echo $job > pid
            if test \(pending) = refuse; then "$ALMRUN" run release --input version=1.2.0 > refused.out 2>&1; fi
            "$ALMRUN" why ContosoSales@1.1.0 dev > own.out
            "$ALMRUN" why ContosoSales@1.2.0 dev > other.out
            "$ALMRUN" why ./new.zip dev > new.out
            "$ALMRUN" why ContosoSales@1.2.0 prod > far.out
            "$ALMRUN" locks release dev --reason x --force > /dev/null 2>&1
            "$ALMRUN" why ContosoSales@1.1.0 dev > freed.out
            kill -CONT $job; echo > free; wait $job $holder
            """)
        func read(_ name: String) throws -> BuiltCommand.Result {
            BuiltCommand.Result(
                status: 0, output: try String(contentsOfFile: "\(repository.path)/\(name)", encoding: .utf8), error: "")
        }
        let pid = try read("pid").output.trimmingCharacters(in: .newlines)
        let wake = "kill -CONT \(pid)"
        let own = try read("own.out")
        #expect(own.next == [wake], "\(own.output)")
        #expect(own.output.contains(", and its process \(pid) on "), "\(own.output)")
        let new = try read("new.out")
        let name = pending == "queue" ? "'group g'" : "'environment dev'"
        #expect(
            Array(new.next.prefix(2)) == [wake, "almrun locks release \(name) --reason \"...\" --force"]
                && new.next.count == 4 && new.next[2].hasPrefix("almrun show ")
                && new.output.contains("\nnext: \(wake)\nor:   almrun locks"), "\(new.output)")
        // A lock that was taken away from it does not let it go on.
        let freed = try read("freed.out")
        #expect(freed.next == [wake] && freed.output.contains("  unmet  stage     run "), "\(freed.output)")
        guard pending == "refuse" else { return }
        let refused = try read("other.out")
        let resume = "almrun resume \(try repository.newest())"
        let force = "almrun locks release 'environment dev' --reason \"...\" --force"
        // Refused as long as the other one is under way.
        let show = try #require(refused.next.first { $0.hasPrefix("almrun show ") })
        #expect(refused.next == [wake, force, show, resume], "\(refused.output)")
        #expect(refused.output.contains("is stopped: nothing goes on before somebody lets it"), "\(refused.output)")
        // Also of an environment further on, to which the same run goes.
        let far = try read("far.out")
        #expect(far.next == [wake, force, resume], "\(far.output)")
    }
}
