/// A command line that works, and what becomes of it where nothing can be written.
///
/// The words are those of `ObstructedRepository`: `WAITING`, `ASKING`, `SIGNED`, `FAILED`, `FINISHED`, `PACKAGE`.
struct ObstructedCommand: Sendable, CustomStringConvertible {
    /// What it needs to write.
    enum Effect: Sendable, Hashable {
        /// It says the same as where it could write.
        case nothing
        /// It writes nothing, and tells that nothing can be written: its status then.
        case tells(Int32)
        case store
        /// A file or folder outside of the store, by the code of the error and the name in it.
        case files(code: String, name: String)
    }

    var line: TypedLine
    /// Where nothing is in the way.
    var status: Int32
    var effect: Effect

    private init(_ line: String, _ status: Int32, _ effect: Effect) {
        self.line = TypedLine(line)
        self.status = status
        self.effect = effect
    }

    var description: String { line.text }

    static func reads(_ line: String, _ status: Int32 = 0) -> Self { Self(line, status, .nothing) }
    static func tells(_ line: String, _ status: Int32, obstructed: Int32) -> Self {
        Self(line, status, .tells(obstructed))
    }
    static func stores(_ line: String, _ status: Int32 = 0) -> Self { Self(line, status, .store) }
    static func writes(_ line: String, _ code: String, _ name: String) -> Self {
        Self(line, 0, .files(code: code, name: name))
    }

    static let all = manifests + runs + work

    static let manifests: [Self] = [
        .reads("check"),
        .reads("plan release --input version=1.2.0"),
        .reads("plan release --input version=1.2.0 --preview"),
        .reads("graph release"), .reads("graph WAITING"),
        .reads("schema"), .reads("stages"), .reads("explain file/write"),
        .writes("init --root new", "file/write", "new"),
        .writes("docs --write new", "file/write", "new"),
        .writes("docs --write docs", "file/write", "docs/commands"),
        .writes("schema --write new/a", "file/write", "new"),
    ]

    static let runs: [Self] = [
        .reads("runs"), .reads("runs --format json"),
        .reads("show WAITING"), .reads("show WAITING --format json"), .reads("show WAITING --gate prod"),
        .reads("show FAILED --junit"), .reads("show SIGNED --gate ask --record -"),
        .writes("show SIGNED --gate ask --record new", "file/write", "new"),
        .reads("logs WAITING"), .reads("verify --all"), .reads("verify SIGNED"), .reads("locks"),
        .reads("why WAITING prod"), .reads("why ContosoSales@1.0.0.0 prod", 75),
        .reads("mads: inbox"), .reads("environment dev"), .reads("environment dev --history"),
        .reads("runs prune --keep 1 --dry-run"), .reads("rollback dev --dry-run"),
        .tells("doctor", 1, obstructed: 1), .tells("doctor --repair", 0, obstructed: 1),
        .stores("run once"), .stores("run once --junit x.xml"), .stores("run release --input version=2.0.0", 75),
        .stores("resume SIGNED"), .stores("resume FAILED --rerun hello", 1), .stores("cancel WAITING --reason x"),
        .stores("mads: approve WAITING prod"), .stores("mads: approve ASKING ask --sign key"),
        .stores("mads: reject WAITING prod --comment no"), .stores("mads: bypass WAITING prod --reason x"),
        .stores("rollback dev"), .stores("locks release g --reason x"), .stores("runs prune --keep 1"),
    ]

    static let work: [Self] = [
        .reads("lint api.json"), .reads("diff git:HEAD:api.json api.json"), .reads("test api.json"),
        .reads("mock api.json"),
        .reads("rebind solution --environment prod"), .reads("rebind PACKAGE --template"),
        .writes("lint api.json --write-baseline b.json", "file/write", "b.json"),
        .writes("pack solution x.zip", "zip/unwritable", "x.zip"),
        .writes("pack solution old.zip --force", "zip/unwritable", "old.zip"),
        .writes("pack solution --type both --output new", "zip/unwritable", "new"),
        .writes("unpack PACKAGE new", "zip/unwritable", "new"),
        .writes("unpack PACKAGE new/a/b", "zip/unwritable", "new"),
        .writes("rebind solution --environment prod --output s.json", "zip/unwritable", "s.json"),
        .writes("rebind PACKAGE --template --output t.json", "zip/unwritable", "t.json"),
        // After it the folder is another one.
        .writes("unpack PACKAGE solution --force", "zip/unwritable", "solution"),
    ]
}
