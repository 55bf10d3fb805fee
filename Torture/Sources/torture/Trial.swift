import Foundation

/// One repository that something goes wrong in, carried to its end all the same.
final class Trial {
    struct Result {
        var end: Child.End
        var output: String
        var errors: String
        var report: FaultReport
        var seconds: Double
        var process: pid_t
    }

    let laboratory: Laboratory
    let folder: String
    /// What the commands can change.
    let space: String
    /// What was found wrong on the way.
    private(set) var violations: [String] = []
    /// How many processes a fault reached: it killed them, it stopped them, or an operation of theirs failed.
    private(set) var hits = 0
    /// How many commands may say that the run failed, because of a fault before them.
    var failuresAllowed = 0
    /// Checks of `doctor` that are right to find something, because of the fault itself.
    var isKnownToDoctor: Set<String> = []
    /// How often a person was asked whether an effect happened.
    private(set) var questions = 0
    private var calls = 0
    /// The events of each run that were in the store at the last look.
    private(set) var known: [String: [String]] = [:]
    /// Steps that a process said are done.
    private var said: Set<String> = []
    /// The commands so far, and how they ended; for a person who looks at a violation.
    private(set) var history: [String] = []

    init(_ laboratory: Laboratory, name: String, from station: String) throws {
        self.laboratory = laboratory
        folder = "\(laboratory.folder)/\(name)"
        space = "\(folder)/space"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Shell.run("cp", ["-a", station, space])
    }

    var repository: String { "\(space)/repository" }
    var store: String { "\(repository)/.almrun" }

    /// Whether the commands list what they change.
    var isTraced = false

    /// What the commands so far changed, in this order: number, operation, path and old path.
    func traces() -> [[String]] {
        (1...max(1, calls)).flatMap { call in
            let data = FileManager.default.contents(atPath: "\(folder)/call\(call).trace") ?? Data()
            return String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
                line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            }
        }
    }

    /// Whether the space is a file system of its own.
    var isMounted = false

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Gives a file system of its own back.
    func release() {
        guard isMounted else { return }
        isMounted = false
        // A mount that stays is seen by whoever removes the folder.
        _ = try? Shell.run("umount", [space])
    }

    /// Judges the end of a run that succeeded.
    func judge() {
        for text in Judge(self).violations(comparedWith: laboratory.expected) { violate(text) }
    }

    func violate(_ text: String) { if !violations.contains(text) { violations.append(text) } }

    // MARK: - Commands

    /// Starts a command; the caller waits for it.
    func start(_ command: Command, _ fault: Fault = .none) throws -> (child: Child, files: String) {
        calls += 1
        let files = "\(folder)/call\(calls)"
        var variables = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            "HOME": "\(space)/home", "TMPDIR": "\(space)/tmp", "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_AUTHOR_NAME": command.person.name, "GIT_AUTHOR_EMAIL": command.person.email,
            "PROD_SALES_CONNECTION": "shared-contososales-prod-0001",
            "LD_PRELOAD": laboratory.options.faults,
        ]
        variables.merge(fault.variables(root: space, report: "\(files).report")) { $1 }
        if isTraced || laboratory.options.trace != nil {
            variables["FAULT_TRACE"] = laboratory.options.trace.map { "\($0).\(calls)" } ?? "\(files).trace"
        }
        let child = try Child(
            laboratory.options.almrun, command.arguments, in: repository, environment: variables,
            output: .files(output: "\(files).out", errors: "\(files).err"))
        return (child, files)
    }

    /// Takes in how a command ended.
    func finish(_ command: Command, _ end: Child.End, _ fault: Fault, _ child: Child, files: String) -> Result {
        let seconds = child.age
        func text(_ path: String) -> String {
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }
        let result = Result(
            end: end, output: text("\(files).out"), errors: text("\(files).err"),
            report: FaultReport(file: "\(files).report"), seconds: seconds, process: child.process)
        history.append(
            "\(command) [\(fault)\(result.report.what.isEmpty ? "" : " \(result.report.what)")]: \(end), "
                + String(format: "%.3f s", seconds))
        let isStopped = !fault.signals.isEmpty && end == .exited(130)
        if result.report.fired > 0 || isStopped
            || fault.killAfter != nil && end == .signaled(SIGKILL)
        {
            hits += 1
        }
        switch end {
        case .hung: violate("'\(command)' hung")
        case .signaled(SIGKILL): break
        // A signal that comes before the command is there to take it has the usual effect.
        case .signaled(let signal) where fault.signals.contains { $0.signal == signal }: break
        case .signaled(let signal): violate("'\(command)' was ended by signal \(signal)")
        case .exited: break
        }
        if command.carriesOut { noteDone(result.errors) }
        return result
    }

    /// Runs a command to its end.
    @discardableResult
    func almrun(_ command: Command, _ fault: Fault = .none) throws -> Result {
        let (child, files) = try start(command, fault)
        let end = child.wait(fault)
        return finish(command, end, fault, child, files: files)
    }

    private func noteDone(_ errors: String) {
        for line in errors.split(separator: "\n") where line.hasPrefix("  done ") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if words.count > 1 { said.insert(String(words[1])) }
        }
    }

    // MARK: - To the end

    /// Takes the run up again and again until it has succeeded; approves and answers as needed.
    func carryOn(_ faults: (Int) -> Fault = { _ in .none }) throws {
        for attempt in 0..<25 {
            try look()
            let command = try next()
            guard let command else { return }
            let fault = faults(attempt)
            let result = try almrun(command, fault)
            guard case .exited(let status) = result.end else { continue }
            if ![0, 1, 2, 3, 75, 130].contains(status) {
                violate("'\(command)' ended with status \(status): \(Self.tail(result.errors))")
            } else if fault.kind == .count, fault.signals.isEmpty, [1, 2, 3].contains(status) {
                // Without any fault an approval may have been given already; nothing else is refused.
                if case .approve = command, status == 2 { continue }
                if result.errors.contains("[run/busy]") { continue }
                // A step that the fault made fail is done again when the run is taken up once it has failed.
                if command.carriesOut, status != 2, failuresAllowed > 0 {
                    failuresAllowed -= 1
                    continue
                }
                violate("'\(command)' ended with status \(status): \(Self.tail(result.errors))")
            }
        }
        violate("the run did not come to its end: \(history.suffix(4).joined(separator: " | "))")
    }

    static func tail(_ text: String) -> String {
        text.split(separator: "\n").suffix(3).joined(separator: " / ")
    }

    /// What is to be done next; nil when the run has succeeded.
    private func next() throws -> Command? {
        guard let run = try show() else { return .run }
        guard let status = run["status"] as? String, let steps = run["steps"] as? [[String: Any]]
        else { throw Problem("'show --format json' has another form than the driver knows") }
        if status == "succeeded" { return nil }
        var answers: [String] = []
        for step in steps {
            guard let name = step["id"] as? String else { continue }
            let state = step["status"] as? String
            let kind = step["kind"] as? String
            if state == "waiting", kind == "gate.approval" || kind == "approval.wait" {
                if status == "waiting", !approved.contains(name) {
                    approved.insert(name)
                    return .approve(name)
                }
            }
            if state == "uncertain" {
                questions += 1
                answers.append("\(name)=\(try didHappen(name) ? "done" : "not-done")")
            }
        }
        approved = []
        return answers.isEmpty ? .resume : .settle(answers)
    }

    private var approved: Set<String> = []

    /// The latest run as `show` tells it; nil when there is none yet.
    ///
    /// It is asked again only when a command has been given since.
    func show() throws -> [String: Any]? {
        if let shown, shown.call == calls { return shown.run }
        let found = try almrun(.other(["show", "latest", "--format", "json"]))
        if Self.saysThereIsNoRun(found.errors) { return nil }
        guard found.end == .exited(0),
            let run = try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any]
        else { throw Problem("'show' ended with \(found.end): \(Self.tail(found.errors))") }
        shown = (calls, run)
        return run
    }

    private var shown: (call: Int, run: [String: Any])?

    /// How the latest run stands; nil when there is none yet.
    func status() throws -> String? { try show()?["status"] as? String }

    /// Whether a step of the latest run is in doubt, or its events say that one was.
    func isInDoubt() throws -> Bool {
        let steps = try show()?["steps"] as? [[String: Any]] ?? []
        return steps.contains { $0["status"] as? String == "uncertain" }
            || known.values.joined().contains { $0.contains("run/uncertain-effect") }
    }

    /// Looks at the world, as a person would who is asked whether an effect happened.
    private func didHappen(_ step: String) throws -> Bool {
        _ = Child.leftover(in: space)
        guard ["ticket", "announce", "notes"].contains(step) else {
            violate("a person was asked whether '\(step)' happened, which can be found out")
            return false
        }
        return !Judge(self).lines(step).isEmpty
    }

    // MARK: - The ledger

    /// Compares the ledger with what is known of it: nothing that was there, or that was said, may be gone.
    func look() throws {
        let ledger: Ledger?
        do {
            ledger = try Ledger(store: store, copy: "\(folder)/copy")
        } catch let problem as Problem {
            violate(problem.description)
            return
        }
        let runs = ledger?.runs ?? [:]
        for (run, lines) in known {
            let now = runs[run] ?? []
            if now.count < lines.count || Array(now.prefix(lines.count)) != lines {
                violate("events of '\(run)' were lost: \(lines.count) before, \(now.count) now")
            }
        }
        for (run, lines) in runs { check(run, lines) }
        let ended = Set(
            runs.values.joined().compactMap { line in
                let kinds = ["ended", "decided", "assumed", "reused", "suspended"]
                return kinds.contains(Self.member("kind", of: line) ?? "") ? Self.member("step", of: line) : nil
            })
        for step in said.sorted() where !ended.contains(step) {
            violate("'\(step)' was said to be done, and the ledger does not know it")
        }
        known = runs
    }

    private func check(_ run: String, _ lines: [String]) {
        var time = ""
        for (index, line) in lines.enumerated() {
            if !Self.head(line).contains("\"sequence\":\(index + 1),") {
                violate("event \(index + 1) of '\(run)' is another one")
            }
            let next = Self.member("time", of: line) ?? ""
            if next < time { violate("time went back in '\(run)': \(next) after \(time)") }
            time = next
        }
    }

    /// The beginning of an event, which says what it is; the first one of a run is long.
    static func head(_ line: String) -> String { String(decoding: line.utf8.prefix(600), as: UTF8.self) }

    /// A member of an event that is a text, one of the first.
    static func member(_ name: String, of line: String) -> String? {
        let line = head(line)
        guard let start = line.range(of: "\"\(name)\":\"")?.upperBound,
            let end = line[start...].firstIndex(of: "\"")
        else { return nil }
        return String(line[start..<end])
    }
}
