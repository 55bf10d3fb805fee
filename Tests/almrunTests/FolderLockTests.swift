import Foundation
import Testing

/// The built command when it waits for the folder of an environment, in which another process works.
@Suite(.waits) struct FolderLockTests {
    /// Starts a promotion while the folder is locked, and lets something happen once it waits.
    private func shell(_ script: String) throws -> [String] {
        let repository = try ReleaseRepository(["dev": ""], roles: "release-manager: [rana@contoso.example]\n")
        defer { repository.remove() }
        let result = try BuiltCommand.shell(
            """
            until_() { for i in $(seq 500); do "$@" >/dev/null 2>&1 && return; sleep 0.02; done; echo "not: $*"; }
            folder=.almrun/environments/dev; mkdir -p $folder
            (flock 9; echo > locked; while test -e locked && ! test -e free; do sleep 0.02; done) 9>$folder/lock &
            until_ test -e locked
            "$ALMRUN" run release --input version=1.0.0.0 >out 2>err & job=$!
            log() { cat .almrun/logs/*/dev-$1.log 2>/dev/null; }
            waits() { log 1 | grep -q "waiting for another process, which works in the folder of 'dev'"; }
            installed() { test -e $folder/environment.json && echo installed || echo 'nothing installed'; }
            until_ waits

            """ + script, in: repository.path)
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test("a signal ends the wait, and nothing is installed")
    func signal() throws {
        let lines = try shell(
            """
            kill -TERM $job; wait $job; echo "status $?"
            test -e free || installed
            echo > free
            grep -c "at work .*dev .*waiting for another process, which works in the folder of 'dev'" err
            almrun show latest | grep -o '^  cancelled *dev '
            almrun resume latest >/dev/null 2>&1; echo "status $?"
            installed
            """)
        #expect(
            lines == ["status 130", "nothing installed", "1", "  cancelled  dev ", "status 0", "installed"])
    }

    /// Nothing was begun there, and the environment says so.
    @Test("a promotion that only waited is not in doubt, whether a signal ended it or it was killed and then cancelled")
    func doubt() throws {
        let lines = try shell(
            """
            kill -TERM $job; wait $job; echo "status $?"
            cat out err > said; almrun show latest >> said; almrun runs >> said; grep -c 'IN DOUBT' said
            almrun show latest --junit | grep -c '<error'
            almrun verify latest | tail -1
            rm -f out err
            "$ALMRUN" run release --input version=1.0.1.0 >out 2>err & job=$!
            for i in $(seq 30000); do grep -q 'at work .*dev .*waiting for another process' err && break; sleep 0.02; done
            kill -KILL $job; wait $job 2>/dev/null
            almrun cancel latest >said 2>&1; echo "status $?"
            almrun show latest >> said; almrun runs >> said; grep -c 'IN DOUBT' said
            almrun show latest --junit | grep -c '<error'
            almrun verify latest | tail -1
            echo > free
            almrun resume latest >/dev/null 2>&1; echo "status $?"
            installed
            """)
        #expect(
            lines == [
                "status 130", "0", "1", "nothing is wrong", "status 0", "0", "1", "nothing is wrong", "status 0",
                "installed",
            ])
    }

    @Test("a cancellation that comes right before the folder is free counts")
    func cancellation() throws {
        let lines = try shell(
            """
            almrun cancel latest >/dev/null; echo > free
            wait $job; echo "status $?"
            installed
            """)
        #expect(lines == ["status 130", "nothing installed"])
    }

    @Test(
        "a step whose environment was taken away right before the folder is free installs nothing under the old lease")
    func lease() throws {
        let lines = try shell(
            """
            almrun locks release dev --reason 'it hangs' --force >/dev/null; echo > free
            wait $job; echo "status $?"
            for where in err 'show latest'; do
                test "$where" = err && cat err || almrun $where
            done | grep -c ' dev .*environment dev was taken away by rana@contoso.example, .*: it hangs'
            echo "first: $(log 1 | grep -c 'read back')"
            echo "second: $(log 2 | grep -c 'read back'), found: $(log 2 | grep -c 'had done it')"
            almrun verify latest | tail -1
            """)
        #expect(lines == ["status 0", "2", "first: 0", "second: 1, found: 0", "nothing is wrong"])
    }
}
