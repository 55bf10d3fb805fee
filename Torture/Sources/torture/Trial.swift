import Foundation

/// One repository that something goes wrong in, carried to its end all the same.
final class Trial {
    struct Result {
        var end: Child.End
        var output: String
        var errors: String
        var report: FaultReport
        var seconds: Double
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
    /// How often a person was asked whether an effect happened.
    private(set) var questions = 0
    private var calls = 0
    /// The events of each run that were in the store at the last look.
    private var known: [String: [String]] = [:]
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
    func start(
        _ command: Command, _ fault: Fault = .none, traced: String? = nil
    ) throws -> (child: Child, files: String) {
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
        if let trace = traced ?? laboratory.options.trace.map({ "\($0).\(calls)" }) {
            variables["FAULT_TRACE"] = trace
        }
        let child = try Child(
            laboratory.options.almrun, command.arguments, in: repository, environment: variables,
            output: "\(files).out", errors: "\(files).err")
        return (child, files)
    }

    /// Takes in how a command ended.
    func finish(_ command: Command, _ end: Child.End, _ fault: Fault, files: String, seconds: Double) -> Result {
        func text(_ path: String) -> String {
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }
        let result = Result(
            end: end, output: text("\(files).out"), errors: text("\(files).err"),
            report: FaultReport(file: "\(files).report"), seconds: seconds)
        history.append(
            "\(command) [\(fault)\(result.report.what.isEmpty ? "" : " \(result.report.what)")]: \(end)")
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
    func almrun(_ command: Command, _ fault: Fault = .none, traced: String? = nil) throws -> Result {
        let (child, files) = try start(command, fault, traced: traced)
        let end = child.wait(fault)
        return finish(command, end, fault, files: files, seconds: child.age)
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
        let found = try almrun(.other(["show", "latest", "--format", "json"]))
        guard found.end == .exited(0) else {
            if found.errors.contains("[run/unknown]") || found.errors.contains("there are no runs") { return .run }
            violate("'show' ended with \(found.end): \(Self.tail(found.errors))")
            return .resume
        }
        guard let run = try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any],
            let status = run["status"] as? String, let steps = run["steps"] as? [[String: Any]]
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

    /// Looks at the world, as a person would who is asked whether an effect happened.
    private func didHappen(_ step: String) throws -> Bool {
        for _ in 0..<2000 where !Child.processes(in: space).isEmpty { usleep(2000) }
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
                for kind in ["ended", "decided", "approved", "assumed", "reused", "suspended"]
                where line.contains("\"kind\":\"\(kind)\"") { return Self.member("step", of: line) }
                return nil
            })
        for step in said.sorted() where !ended.contains(step) {
            violate("'\(step)' was said to be done, and the ledger does not know it")
        }
        known = runs
    }

    private func check(_ run: String, _ lines: [String]) {
        var time = ""
        for (index, line) in lines.enumerated() {
            if !line.contains("\"sequence\":\(index + 1),") { violate("event \(index + 1) of '\(run)' is another one") }
            let next = Self.member("time", of: line) ?? ""
            if next < time { violate("time went back in '\(run)': \(next) after \(time)") }
            time = next
        }
    }

    static func member(_ name: String, of line: String) -> String? {
        guard let start = line.range(of: "\"\(name)\":\"")?.upperBound,
            let end = line[start...].firstIndex(of: "\"")
        else { return nil }
        return String(line[start..<end])
    }
}
