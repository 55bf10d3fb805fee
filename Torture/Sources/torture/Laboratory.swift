import Foundation

/// The repository that everything is tried on, and what comes of it when nothing goes wrong.
struct Laboratory: Sendable {
    let options: Options
    /// Everything is below this folder.
    let folder: String
    /// The repository before each command of the undisturbed sequence, and at its end.
    private(set) var stations: [String] = []
    /// What each command of the sequence did when nothing went wrong.
    private(set) var reports: [FaultReport] = []
    /// How long each took, in seconds.
    private(set) var durations: [Double] = []
    /// The same, as it was lately.
    private(set) var pace = Pace([])
    /// What the undisturbed run ended with.
    private(set) var expected = Findings()

    /// How each command ends when nothing goes wrong.
    var statuses: [Int32] {
        Self.sequence.enumerated().map { $0.offset + 1 < Self.sequence.count && $0.element.carriesOut ? 75 : 0 }
    }

    /// Who does what in the undisturbed sequence.
    static let sequence: [Command] = [.run, .approve("signoff"), .resume, .approve("prod/promote.approval"), .resume]

    init(_ options: Options) throws {
        self.options = options
        let parent = options.folder ?? (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory())
        folder = URL(filePath: parent).appending(path: "almrun-torture-\(getpid())").resolvingSymlinksInPath().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try makeRepository()
        try runUndisturbed()
    }

    /// Removes everything.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// A place of its own to try something in, from the state before a command of the sequence.
    func trial(_ name: String, station: Int = 0) throws -> Trial {
        try Trial(self, name: name, from: stations[station])
    }

    private func makeRepository() throws {
        let space = "\(folder)/fresh"
        let repository = "\(space)/repository"
        for name in ["repository", "effects", "home", "tmp"] {
            try FileManager.default.createDirectory(atPath: "\(space)/\(name)", withIntermediateDirectories: true)
        }
        for name in ["environments", "templates", "examples"] {
            try Shell.run("cp", ["-R", "\(options.root)/\(name)", repository])
        }
        try FileManager.default.createDirectory(atPath: "\(repository)/pipelines", withIntermediateDirectories: true)
        func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
        try write(Manifests.torture(group: true), "\(repository)/pipelines/torture.yaml")
        try write(Manifests.torture(group: false), "\(repository)/pipelines/racing.yaml")
        try write(".almrun/\n", "\(repository)/.gitignore")
        for name in ["announce", "ticket", "notes"] { try write("", "\(space)/effects/\(name).txt") }
        try Shell.run("git", ["-C", repository, "init", "-q", "-b", "main", "--template="])
        try Shell.run("git", ["-C", repository, "config", "user.name", Person.rana.name])
        try Shell.run("git", ["-C", repository, "config", "user.email", Person.rana.email])
        try Shell.run("git", ["-C", repository, "config", "commit.gpgsign", "false"])
        try Shell.run("git", ["init", "-q", "--bare", "-b", "main", "--template=", "\(space)/remote"])
        try Shell.run("git", ["-C", repository, "remote", "add", "origin", "../remote"])
        try Shell.run("git", ["-C", repository, "add", "-A"])
        try Shell.run("git", ["-C", repository, "commit", "-q", "-m", "Contoso Sales"])
        try Shell.run("git", ["-C", repository, "push", "-q", "origin", "main"])
    }

    private mutating func runUndisturbed() throws {
        stations = ["\(folder)/fresh"]
        let trial = try Trial(self, name: "undisturbed", from: stations[0])
        for (number, command) in Self.sequence.enumerated() {
            let result = try trial.almrun(command)
            guard result.end == .exited(statuses[number]) else {
                throw Problem("undisturbed, '\(command)' ended with \(result.end):\n\(result.errors)\(result.output)")
            }
            guard result.report.points > 0 else {
                throw Problem("'\(options.faults)' is not in effect: is '\(options.almrun)' linked statically?")
            }
            reports.append(result.report)
            durations.append(result.seconds)
            let station = "\(folder)/station\(number + 1)"
            try Shell.run("cp", ["-a", trial.space, station])
            stations.append(station)
        }
        let judge = Judge(trial)
        expected = try judge.findings()
        let violations = judge.violations(comparedWith: expected)
        guard violations.isEmpty else { throw Problem("undisturbed: \(violations.joined(separator: "; "))") }
        trial.remove()
        pace = Pace(durations)
    }
}
