import Foundation
import Testing

/// `why PACKAGE ENVIRONMENT` while a run that was cancelled or interrupted comes to its end: a new run beside it would do
/// again what it has done, or may have done.
@Suite(.waits) struct EndingRunTests {
    private static let roles = """
        manager: [mads@contoso.example]

        """
    private static let asks = "after: dev\ngates: { approvals: [{ role: manager }] }"

    private func repository(_ finally: String, stages: String = "") throws -> ReleaseRepository {
        let tell = "finally:\n  tell:\n    uses: shell.run\n    \(finally)\n"
        return try ReleaseRepository(["dev": "", "us": Self.asks], roles: Self.roles, stages: stages + tell)
    }

    @Test func theEffectInDoubtIsToldFirst() throws {
        let repository = try repository("timeout: 1s\n    with: { command: [sh, -c, \"sleep 9\"], effect: once }")
        defer { repository.remove() }
        let run = try repository.release("1.0.0")
        try #require(try repository.almrun("cancel", run, "--reason", "later").status == 75)
        let why = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        let ways = ["done", "not-done"].map { "almrun resume \(run) --assume tell=\($0)" }
        #expect(why.status == 75 && why.next == ways, "\(why.output)")
        let asked = "1 of 'manager' must approve, and run \(run) asks them once it has ended and is taken up\n"
        #expect(why.output.contains("\(asked)                   almrun show \(run)\n"), "\(why.output)")
        _ = try repository.almrun("resume", run, "--assume", "tell=done")
        let then = try repository.almrun("why", "ContosoSales@1.0.0", "us")
        #expect(then.status == 75 && then.next == ["almrun resume \(run)"], "\(then.output)")
    }

    @Test(arguments: [true, false])
    func theProcessThatCleansUpIsLeftToIt(_ isCancelled: Bool) throws {
        let repository = try repository(
            "with: { command: [sh, -c, \"echo $$ > begun; exec sleep 60\"], effect: once }",
            stages: isCancelled
                ? "" : "  slow: { uses: shell.run, with: { command: [sh, -c, \"echo > slow; sleep 60\"] } }\n")
        defer { repository.remove() }
        if isCancelled { _ = try repository.release("1.0.0") }
        let begin =
            isCancelled
            ? """
            "$ALMRUN" cancel latest --reason later >/dev/null 2>&1 & job=$!
            """
            : """
            "$ALMRUN" run release --input version=1.0.0 >.stdrun 2>&1 & job=$!
            for i in $(seq 3000); do test -e slow && grep -q 'waits *us.approval' .stdrun && break; sleep 0.02; done
            kill -TERM $job
            """
        try repository.shell(
            """
            \(begin)
            for i in $(seq 3000); do test -s begun && break; sleep 0.02; done
            almrun why ContosoSales@1.0.0 us > .stdworks; echo "status $?" >> .stdworks
            kill -9 $job; wait $job 2>/dev/null
            almrun why ContosoSales@1.0.0 us > .stdgone; echo "status $?" >> .stdgone
            kill -9 $(cat begun)
            """)
        let run = try repository.newest()
        for (file, way) in [("works", "show"), ("gone", "resume")] {
            let why = try String(contentsOfFile: "\(repository.path)/.std\(file)", encoding: .utf8)
            #expect(why.hasSuffix("\nnext: almrun \(way) \(run)\nstatus 75\n"), "\(why)")
            #expect(why.components(separatedBy: "next: ").count == 2, "\(why)")
        }
    }
}
