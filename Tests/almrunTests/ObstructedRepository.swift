import Foundation
import Testing

/// A repository with runs of all kinds, in which something keeps a command from writing.
struct ObstructedRepository {
    private let work: WorkFolder
    private let names: [String: String]
    var path: String { "\(work.path)/r" }

    /// Whom a command runs as when it shall not write: root may write everywhere.
    static let stranger =
        getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups --" : ""

    /// Whether such a one can start the built command at all.
    static let hasStranger: Bool = {
        guard getuid() == 0 else { return true }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "\(stranger) '\(BuiltCommand.path)' --version"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        // Without a shell there is nothing to try it with.
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    init() throws {
        let prepared = try Self.prepared.get()
        work = try WorkFolder()
        names = prepared.names
        try FileManager.default.copyItem(atPath: prepared.work.path, toPath: path)
    }

    func remove() {
        _ = try? shell("chmod -R u+rwX .")
        work.remove()
    }

    /// Runs a command line in it.
    ///
    /// - Parameter limit: How many KiB a file may have; a write beyond fails as on a full disk. What the command prints
    ///   goes through pipes, which are no files.
    func run(_ line: TypedLine, limit: Int? = nil, asStranger: Bool = false) throws -> BuiltCommand.Result {
        let words = line.arguments.map { "'\(names[$0] ?? $0)'" }
        let begin = "cd r; trap '' XFSZ; \(limit.map { "ulimit -f \($0);" } ?? "")"
        let user = asStranger ? Self.stranger : ""
        var command = "\(user) \"$ALMRUN\" \(words.joined(separator: " "))"
        if line.command == "mock" {
            // It serves until it is stopped: what it says first is enough.
            command = "coproc \(command); read -r FIRST <&${COPROC[0]}; echo \"$FIRST\"; kill -INT $COPROC_PID; wait"
        }
        return try shell(
            """
            exec 4>&1
            { { (\(begin) \(command)) 2>&3 | cat >&4; exit ${PIPESTATUS[0]}; } 3>&1; } | cat >&2
            exit ${PIPESTATUS[0]}
            """, environment: ["GIT_AUTHOR_EMAIL": "\(line.person)@contoso.example"])
    }

    /// Runs a script in the folder above it.
    @discardableResult
    func shell(_ script: String, environment: [String: String] = [:]) throws -> BuiltCommand.Result {
        try BuiltCommand.shell(script, in: work.path, environment: environment)
    }

    /// Gives it to the stranger, who may not write in the part with that path.
    func makeReadOnly(_ part: String) throws {
        let owner = getuid() == 0 ? "chown -R 65534:65534 r; " : ""
        let made = try shell("\(owner)chmod -R a-w 'r/\(part)'")
        try #require(made.status == 0, "\(made.error)")
    }

    /// A file or a folder.
    struct Part: Hashable {
        var mode: mode_t
        var content: Data
    }

    /// What it is made of: the kind, the rights and the content of each file and folder, but of SQLite's own beside the store.
    func contents(of part: String = "") throws -> [String: Part] {
        var found: [String: Part] = [:]
        let folder = "\(path)/\(part)"
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
        where !name.hasSuffix("runs.sqlite-wal") && !name.hasSuffix("runs.sqlite-shm") {
            var status = stat()
            try #require(lstat("\(folder)/\(name)", &status) == 0)
            let isFile = status.st_mode & S_IFMT == S_IFREG
            let content = isFile ? try Data(contentsOf: URL(filePath: "\(folder)/\(name)")) : Data()
            found[name] = Part(mode: status.st_mode, content: content)
        }
        return found
    }

    /// What another process may read of the store besides.
    var logSize: Int {
        var status = stat()
        return stat("\(path)/.almrun/runs.sqlite-wal", &status) == 0 ? Int(status.st_size) : 0
    }

    /// Files that only a write that was cut off leaves.
    func leftovers() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).filter {
            $0.contains(".almrun-tmp-") || $0.hasSuffix(".partial") || ($0.hasSuffix(".lock") && !$0.contains("once-"))
        }
    }

    /// The text with what differs from one moment and folder to another made equal.
    func masked(_ text: String) -> String {
        work.masked(text).replacing(/just now|\d+ \w+ ago/, with: "<ago>").replacing(/:\d{4,5}\b/, with: ":<port>")
    }

    // MARK: - Made once

    private static let prepared: Result<Prepared, any Error> = {
        atexit { try? ObstructedRepository.prepared.get().work.remove() }
        return Result { try Prepared() }
    }()

    private struct Prepared {
        let work: WorkFolder
        let names: [String: String]

        init() throws {
            let made = try PreparedRepository(Self.script, printing: 9)
            let lines = made.lines
            work = made.work
            names = [
                "SIGNED": lines[0], "ASKING": lines[1], "WAITING": lines[2], "FAILED": lines[4], "FINISHED": lines[5],
                "PACKAGE": lines[7],
            ]
        }

        private static let script = #"""
            ssh-keygen -q -t ed25519 -N '' -f key
            mkdir -p docs/commands
            echo old > docs/commands/old.md
            echo old > old.zip
            cat > pipelines/killed.yaml <<'END'
            stages: { hello: { uses: shell.run, with: { command: [sh, -c, 'kill -9 $PPID'], effect: repeatable } } }
            END
            cat > pipelines/ask.yaml <<'END'
            concurrency: { group: g, pending: refuse }
            stages: { ask: { uses: approval.wait, with: { role: manager } } }
            END
            cat > pipelines/hold.yaml <<'END'
            stages: { ask: { uses: approval.wait, with: { role: manager } } }
            END
            cat >> environments/prod.yaml <<END
            after: dev
            gates:
              approvals: [ { role: manager, distinctFrom: [requester] } ]
              bypass: { role: manager, secondPerson: false }
            END
            echo "manager: [ { email: mads@contoso.example, key: '$(cut -d' ' -f1,2 key.pub)' } ]" > environments/roles.yaml
            printf '%s\n' .almrun/ '.std*' key > .gitignore
            git init -q --template=; git add .; git commit -q -m one
            for line in once once bad "release --input version=1.0.0" "release --input version=1.1.0" ask hold; do
                almrun run $line > .stdrun 2>&1 || test $? = 75 -o $? = 1 || { cat .stdrun; exit 9; }
            done
            rm .stdrun
            almrun runs --ids
            almrun cancel $(almrun runs --ids | sed -n 4p) > .stdrun 2>&1
            GIT_AUTHOR_EMAIL=mads@contoso.example almrun approve latest ask --sign key > .stdrun
            rm .stdrun
            ls .almrun/environments/dev/packages/*.zip
            # Something that is left to be mended.
            echo '{}' > .almrun/runs/$(almrun runs --ids | sed -n 7p).lock
            """#
    }
}
