import Foundation
import Testing

/// Releases that wait for one environment are installed in the order in which they were made.
@Suite(.waits) struct QueuedReleaseTests {
    /// Starts releases 1.0.0 to 4.0.0, each when the one before waits, while somebody else works in the folder of `dev`.
    private static let start = """
        waits() { for i in $(seq 30000); do "$@" && return; sleep 0.02; done; echo "waited in vain: $*"; }
        mkdir -p .almrun/environments/dev
        exec 9>.almrun/environments/dev/lock
        flock 9
        "$ALMRUN" run release --input version=1.0.0 >1.txt 2>&1 9>&- & one=$!
        has() { test "$(almrun runs 2>/dev/null | grep -c 'waits for environment dev')" -ge $1; }
        holds() { almrun locks | grep -q 'environment dev'; }
        waits holds
        "$ALMRUN" run release --input version=2.0.0 >2.txt 2>&1 9>&- & two=$!
        waits has 1
        "$ALMRUN" run release --input version=3.0.0 >3.txt 2>&1 9>&- & three=$!
        waits has 2
        "$ALMRUN" run release --input version=4.0.0 >4.txt 2>&1 9>&- & four=$!
        waits has 3

        """

    /// The one whose turn it is may be slow to take it: the others wait, and say for whom.
    @Test func theyAreInstalledInTheirOrder() throws {
        let repository = try ReleaseRepository(["dev": "pending: queue"], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        let result = try BuiltCommand.shell(
            Self.start + """
                almrun runs | grep 'waits for environment dev' | grep -c "step 'dev' of run"
                kill -STOP $two
                # Whoever is in the middle of a write would stop all others.
                while grep -q "POSIX .*WRITE $two " /proc/locks; do
                    kill -CONT $two; sleep 0.05; kill -STOP $two
                done
                exec 9>&-
                second=$(sed -n 's/^run \\([^:]*\\): .*/\\1/p' 2.txt)
                waits grep -q "its turn for environment dev, after run $second since" 3.txt
                waits grep -q "its turn for environment dev, after run $second since" 4.txt
                almrun runs | grep -c "waits its turn for environment dev, since .*: run '$second' was made before and goes first"
                kill -CONT $two
                for job in $one $two $three $four; do wait $job; echo "run $?"; done
                almrun environment dev --history | grep -o '[1-4]\\.0\\.0\\.0' | uniq
                almrun verify --all >&2 || echo "verify $?"
                tail -n 20 [2-4].txt >&2
                """, in: repository.path)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.prefix(6) == ["3", "2", "run 0", "run 0", "run 0", "run 0"], "\(result.output)\(result.error)")
        let order = ["1.0.0.0", "2.0.0.0", "3.0.0.0", "4.0.0.0"]
        let versions = Array(lines.dropFirst(6))
        #expect(versions == order || versions == order.reversed(), "\(result.output)")
    }

    /// The one whose turn it is was killed while it waited: the next one goes, and it goes on when somebody takes it up.
    @Test func whoWasKilledHoldsUpNobody() throws {
        let repository = try ReleaseRepository(["dev": "pending: queue"], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        let result = try BuiltCommand.shell(
            Self.start + """
                kill -9 $two; wait $two 2>/dev/null
                exec 9>&-
                for job in $one $three $four; do wait $job; echo "run $?"; done
                tail -n 20 [34].txt >&2
                """, in: repository.path)
        #expect(result.output == "run 0\nrun 0\nrun 0\n", "\(result.output)\(result.error)")
        #expect(try repository.almrun("environment", "dev").output.contains("4.0.0.0"))
    }
}
