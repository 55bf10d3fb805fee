import Foundation

/// What a trial ended with, without times and names that differ each time.
struct Findings: Sendable, Equatable {
    /// The state of each environment.
    var environments: [String: String] = [:]
    /// How each step ended.
    var steps: [String: String] = [:]
    var tags: [String] = []
    var packages: [String: [String]] = [:]
}

/// Says what must be true at the end of a trial and is not.
struct Judge {
    let trial: Trial

    init(_ trial: Trial) { self.trial = trial }

    static let environments = ["dev", "test", "preprod", "prod"]

    /// The lines that an effect wrote.
    func lines(_ effect: String) -> [String] {
        let data = FileManager.default.contents(atPath: "\(trial.space)/effects/\(effect).txt") ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func findings() throws -> Findings {
        var findings = Findings()
        for environment in Self.environments {
            let folder = "\(trial.store)/environments/\(environment)"
            guard let data = FileManager.default.contents(atPath: "\(folder)/environment.json") else {
                throw Problem("'\(environment)' has no state")
            }
            let state = try JSONSerialization.jsonObject(with: data)
            let plain = try JSONSerialization.data(withJSONObject: Self.plain(state), options: [.sortedKeys])
            findings.environments[environment] = String(decoding: plain, as: UTF8.self)
            findings.packages[environment] =
                try FileManager.default.contentsOfDirectory(atPath: "\(folder)/packages")
                .filter { $0.hasSuffix(".zip") }.sorted()
        }
        findings.tags = try Shell.run("git", ["-C", trial.repository, "tag"]).split(separator: "\n").map(String.init)
        for step in try trial.show()?["steps"] as? [[String: Any]] ?? [] {
            guard let name = step["id"] as? String, let status = step["status"] as? String else { continue }
            // A result of the cut-off beginning of the same run is as good.
            findings.steps[name] = status == "reused" ? "succeeded" : status
        }
        return findings
    }

    private static let passing: Set<String> = [
        "at", "readBack", "token", "key", "secretDigest", "installed", "deployed", "verified", "plan", "since",
    ]

    private static func plain(_ value: Any) -> Any {
        switch value {
        case let members as [String: Any]:
            members.filter { !passing.contains($0.key) }.mapValues(plain)
        case let items as [Any]: items.map(plain)
        default: value
        }
    }

    /// Everything that is wrong at the end of one run that succeeded.
    func violations(comparedWith expected: Findings) -> [String] {
        var found: [String] = []
        do {
            let findings = try findings()
            for name in Self.environments where findings.environments[name] != expected.environments[name] {
                found.append("the state of '\(name)' differs from that of the undisturbed run")
            }
            if findings.packages != expected.packages { found.append("other packages are kept in the environments") }
            for (step, status) in expected.steps.sorted(by: { $0.key < $1.key }) where findings.steps[step] != status {
                found.append("'\(step)' ended as \(findings.steps[step] ?? "nothing"), not as \(status)")
            }
            if findings.tags != expected.tags { found.append("the tags are \(findings.tags)") }
            let tags = try ["\(trial.space)/remote", trial.repository].map {
                try Shell.run("git", ["-C", $0, "show-ref", "--tags"])
            }
            if tags[0] != tags[1] { found.append("the remote has other tags: \(tags[0])") }
        } catch {
            found.append("\(error)")
        }
        for name in Self.environments {
            let count = operations(name).count { $0["action"] as? String == "install" }
            if count != 1 { found.append("\(count) installations in '\(name)'") }
        }
        for effect in ["announce", "ticket"] where lines(effect).count != 1 {
            found.append("'\(effect)' happened \(lines(effect).count) times")
        }
        if lines("notes").isEmpty { found.append("'notes' never ran") }
        return found + common(runs: 1)
    }

    /// The operations of an environment, oldest first.
    func operations(_ environment: String) -> [[String: Any]] {
        let path = "\(trial.store)/environments/\(environment)/environment.json"
        guard let data = FileManager.default.contents(atPath: path),
            let state = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return [] }
        return state["operations"] as? [[String: Any]] ?? []
    }

    /// What must hold whatever the runs were.
    func common(runs: Int?) -> [String] {
        var found: [String] = []
        do {
            let ledger = try Ledger(store: trial.store, copy: "\(trial.folder)/copy")
            if let runs, ledger?.runs.count != runs { found.append("\(ledger?.runs.count ?? 0) runs") }
            if let locks = ledger?.locks, !locks.isEmpty { found.append("locks are still held: \(locks)") }
        } catch {
            found.append("\(error)")
        }
        found += files() + health()
        for folder in [trial.repository, "\(trial.space)/remote"] {
            do {
                try Shell.run("git", ["-C", folder, "fsck", "--no-dangling"])
            } catch {
                found.append("git: \(error)")
            }
        }
        let left = Child.leftover(in: trial.space)
        if !left.isEmpty { found.append("processes are left behind: \(left)") }
        return found
    }

    /// What the command itself finds wrong with the runs and the store.
    private func health() -> [String] {
        do {
            let verified = try trial.almrun(.other(["verify", "--all"]))
            guard verified.end == .exited(0) else {
                return ["'verify' ended with \(verified.end): \(Trial.tail(verified.output + verified.errors))"]
            }
            let left = try problems([])
            // Whoever died after the run had ended, or could not remove a file any more, leaves the file of its lock.
            guard left.contains(where: { $0.check == "run lock files" }) else { return left.map(\.text) }
            return try problems(["--repair"]).map { "after a repair, \($0.text)" }
        } catch {
            return ["'verify' or 'doctor': \(error)"]
        }
    }

    private func problems(_ options: [String]) throws -> [(check: String, text: String)] {
        let doctor = try trial.almrun(.other(["doctor", "--format", "json"] + options))
        let report = try JSONSerialization.jsonObject(with: Data(doctor.output.utf8)) as? [String: Any]
        guard let checks = report?["checks"] as? [[String: Any]] else {
            throw Problem("'doctor' ended with \(doctor.end): \(Trial.tail(doctor.errors))")
        }
        return checks.compactMap { one in
            guard one["verdict"] as? String == "problem", let check = one["check"] as? String,
                !trial.isKnownToDoctor.contains(check)
            else { return nil }
            return (check, "'doctor' finds: \(check): \(one["message"] ?? "") \(one["details"] ?? "")")
        }
    }

    /// Files that are not whole: objects that are not what their name says, and JSON that ends early.
    private func files() -> [String] {
        var found: [String] = []
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: trial.store)) ?? []
        var objects: [String] = []
        for name in names {
            let path = "\(trial.store)/\(name)"
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            let last = name.split(separator: "/").last.map(String.init) ?? name
            if name.hasPrefix("objects/") {
                if last.utf8.count == 64 {
                    objects.append(path)
                } else if !UnsyncedDisk.isTemporary(name) {
                    found.append("'\(name)' is neither an object nor named as a temporary file")
                }
            } else if last.hasSuffix(".json") {
                let data = FileManager.default.contents(atPath: path) ?? Data()
                if (try? JSONSerialization.jsonObject(with: data)) == nil { found.append("'\(name)' is no whole JSON") }
                if last == "intent.json" { found.append("'\(name)' is left over") }
            } else if last.hasSuffix(".zip") {
                objects.append(path)
            }
        }
        guard !objects.isEmpty, let sums = try? Shell.run("sha256sum", objects) else { return found }
        for line in sums.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            if parts.count == 2, !parts[1].contains(parts[0]) {
                found.append("'\(parts[1].dropFirst(trial.store.count + 2))' is damaged")
            }
        }
        return found
    }
}
