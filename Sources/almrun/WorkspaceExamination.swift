import Documents
import Engine
import Environments
import Foundation
import Git
import Pipelines
import RunStorage
import Stages
import Zip

/// Looks at what almrun finds around it: the disk, the libraries, git, the manifests.
struct WorkspaceExamination {
    let workspace: Workspace

    /// The packages that environments know, and whether all of them could be read. When not, everything counts as known.
    func packages() async -> (DeployedPackages?, Diagnosis) {
        do {
            let packages = try await workspace.deployedPackages()
            let count = packages.known.count
            return (packages, Diagnosis("environments", .ok, "all can be read; they know \(count) packages"))
        } catch let error as EnvironmentError where error.kind == .damaged {
            // Which one, and what helps, is said of that environment.
            return (
                nil, Diagnosis("environments", .note, "not all can be read, so that no object is called orphaned")
            )
        } catch {
            return (
                nil,
                Diagnosis(
                    "environments", .problem,
                    "cannot be read, so that no object is called orphaned: \(Self.words(error))",
                    command: "almrun environment")
            )
        }
    }

    /// What is in the folder of each environment, compared with what runs say they brought there.
    func environments(_ told: [ToldDeployment], repairing: Bool) async -> [Diagnosis] {
        // Manifests that cannot be read are told of as such.
        let files = (try? workspace.environments(named: nil)) ?? []
        var found: [Diagnosis] = []
        for file in files {
            guard case .directory = file.target else { continue }
            let check = "environment \(file.name)"
            let known = told.filter { $0.environment == file.name }.map { one in
                DirectoryEnvironment.KnownDeployment(
                    token: OperationToken(one.token), solution: one.solution, version: one.version, digest: one.digest,
                    source: "step '\(one.step)' of run '\(one.run)'")
            }
            do {
                var target = try EnvironmentTargets.directory(file, root: workspace.root)
                target.patience = .seconds(2)
                let copy = copies(besides: file, among: files)
                var findings = try await target.examine(knowing: known, copy: copy)
                if repairing, !findings.isEmpty {
                    do {
                        try await mend(target, findings, known, copy)
                        let left = try await target.examine(knowing: known, copy: copy)
                        let repaired = findings.filter {
                            [.mendable, .leftover].contains($0.kind) && !left.contains($0)
                        }
                        if !repaired.isEmpty { found += diagnoses(check, repaired, isRepaired: true) }
                        if !repaired.isEmpty, left.isEmpty { continue }
                        findings = left
                    } catch {
                        found.append(Diagnosis(check, .problem, "could not be mended: \(Self.words(error))"))
                    }
                }
                // What cannot be read has no history to be shown.
                let isReadable = (try? await target.state()) != nil
                let history = isReadable ? "almrun environment \(shellWord(file.name)) --history" : nil
                found += diagnoses(check, findings, isRepaired: false, history: history)
            } catch let error as EnvironmentError where error.kind == .busy {
                found.append(Diagnosis(check, .note, "not looked at: \(error)"))
            } catch {
                found.append(Diagnosis(check, .problem, "cannot be looked at: \(Self.words(error))"))
            }
        }
        return found + undeclared(files)
    }

    private func mend(
        _ target: DirectoryEnvironment, _ findings: [EnvironmentFinding],
        _ known: [DirectoryEnvironment.KnownDeployment], _ copy: @escaping DirectoryEnvironment.CopyFinder
    ) async throws {
        if findings.contains(where: { $0.kind == .leftover }) { try await target.removeLeftovers() }
        try await target.mendState(knowing: known)
        if findings.contains(where: { $0.kind == .mendable }) { try await target.putBackPackages(copy) }
    }

    /// Looks for packages of an environment where a rollback does: among the objects, and in other environments.
    private func copies(
        besides file: EnvironmentFile, among files: [EnvironmentFile]
    ) -> DirectoryEnvironment.CopyFinder {
        let others = files.filter { $0.name != file.name }.compactMap { other in
            (try? EnvironmentTargets.directory(other, root: workspace.root)).map { (name: other.name, target: $0) }
        }
        let objects = workspace.objects
        return { digest in
            // What is damaged there as well is as good as none.
            if let kept = try? objects.read(digest) { return .init(place: "the object store", bytes: kept) }
            return others.lazy.compactMap { other in
                (try? other.target.packageNow(digest)).map {
                    .init(place: "environment '\(other.name)'", bytes: $0)
                }
            }.first
        }
    }

    /// Folders of environments whose files are gone or lead elsewhere now.
    private func undeclared(_ files: [EnvironmentFile]) -> [Diagnosis] {
        let place = "\(workspace.stateFolder)/environments"
        let targets = Set(files.compactMap { try? EnvironmentTargets.directory($0, root: workspace.root).path })
        // Where there is no such folder, every environment is elsewhere.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        let left = names.sorted().map { "\(place)/\($0)" }.filter { path in
            !targets.contains(path) && FileManager.default.fileExists(atPath: "\(path)/environment.json")
        }
        guard !left.isEmpty else { return [] }
        return [
            Diagnosis(
                "environments", .note,
                "\(left.count) folder\(left.count == 1 ? " is" : "s are") of no environment that is declared: nothing "
                    + "is deployed there, and `almrun runs prune` does not count the packages in it as needed",
                details: left)
        ]
    }

    private func diagnoses(
        _ check: String, _ findings: [EnvironmentFinding], isRepaired: Bool, history: String? = nil
    ) -> [Diagnosis] {
        guard !findings.isEmpty else {
            return [Diagnosis(check, .ok, "its state, its history and its packages are whole and agree with the runs")]
        }
        func those(_ kind: EnvironmentFinding.Kind) -> [EnvironmentFinding] { findings.filter { $0.kind == kind } }
        var found: [Diagnosis] = []
        let problems = those(.problem)
        if !problems.isEmpty {
            found.append(
                Diagnosis(
                    check, .problem,
                    problems.count == 1
                        ? "1 thing is not as almrun left it" : "\(problems.count) things are not as almrun left them",
                    details: problems.map { "\($0.message): \($0.consequence)" },
                    command: history))
        }
        found += those(.note).map { Diagnosis(check, .note, "\($0.message): \($0.consequence)") }
        found += those(.leftover).map {
            Diagnosis(check, isRepaired ? .repaired : .problem, "\($0.message): \($0.consequence)", repair: "remove it")
        }
        let mendable = those(.mendable)
        if !mendable.isEmpty {
            let isOne = mendable.count == 1
            found.append(
                Diagnosis(
                    check, isRepaired ? .repaired : .problem,
                    "\(isOne ? "1 file is" : "\(mendable.count) files are") damaged or missing here, and whole elsewhere",
                    details: mendable.map { "\($0.message): \($0.consequence)" },
                    repair: "put \(isOne ? "it" : "them") back from there"))
        }
        return found
    }

    func examine() async -> [Diagnosis] { [await disk()] + git + [manifests, libraries] }

    private func disk() async -> Diagnosis {
        var status = statvfs()
        // The folder of the runs may be a disk of its own.
        guard statvfs(workspace.stateFolder, &status) == 0 || statvfs(workspace.root, &status) == 0 else {
            return Diagnosis("disk", .problem, "cannot be looked at", command: "df -h '\(workspace.root)'")
        }
        let free = Int(status.f_bavail) * Int(status.f_frsize)
        var finished: [String: Int] = [:]
        // A store that cannot be read is told of as such, and nothing is removed from it.
        for run in (try? await workspace.existingStore()?.runs(matching: .all)) ?? [] where run.status.isFinished {
            finished[run.pipeline, default: 0] += 1
        }
        let file = try? FileManager.default.attributesOfItem(atPath: "\(workspace.stateFolder)/runs.sqlite")
        return .disk(
            free: free, store: file?[.size] as? Int ?? 0, finished: finished.values.max() ?? 0,
            folder: workspace.stateFolder)
    }

    private var libraries: Diagnosis {
        Diagnosis(
            "versions", .ok,
            "almrun \(Version.current), SQLite \(SQLiteVersion.current), libgit2 \(GitRepository.linkedVersion), "
                + "libzip \(ZipArchive.linkedVersion), libyaml \(Document.yamlVersion)")
    }

    private var git: [Diagnosis] {
        do throws(GitError) {
            let repository = try GitRepository(at: workspace.root)
            var found = [try head(of: repository), identity(in: repository)]
            if let ignored = ignored(in: repository) { found.append(ignored) }
            return found
        } catch {
            guard error.kind == .notARepository else {
                return [Diagnosis("git", .problem, error.message, command: error.help)]
            }
            return [
                Diagnosis(
                    "git", .note,
                    "'\(workspace.root)' is no git repository: runs know no commit, and nothing is tagged",
                    command: "git init")
            ]
        }
    }

    private func head(of repository: borrowing GitRepository) throws(GitError) -> Diagnosis {
        let commit: Commit
        do throws(GitError) {
            commit = try repository.head()
        } catch {
            guard error.kind == .noCommit else { throw error }
            return Diagnosis("git", .note, error.message, command: error.help)
        }
        let detached = repository.isHeadDetached ? ", no branch is checked out" : ""
        let text = "at commit \(commit.id.description.prefix(12))\(detached)"
        let changes = try repository.changes()
        if changes.isEmpty {
            return Diagnosis("git", repository.isHeadDetached ? .note : .ok, text + ", nothing changed")
        }
        return Diagnosis(
            "git", .note, "\(text), \(changes.count) file\(changes.count == 1 ? " differs" : "s differ") from it",
            details: changes.map(\.description), command: "git status")
    }

    private func identity(in repository: borrowing GitRepository) -> Diagnosis {
        do throws(GitError) {
            let person = try repository.identity(environment: ProcessInfo.processInfo.environment)
            return Diagnosis("identity", .ok, "\(person.name) <\(person.email)>")
        } catch {
            return Diagnosis("identity", .problem, error.message, command: error.help)
        }
    }

    private func ignored(in repository: borrowing GitRepository) -> Diagnosis? {
        guard let tree = repository.workTree, workspace.root == tree || workspace.root.hasPrefix(tree + "/") else {
            return nil
        }
        let path = "\(workspace.stateFolder.dropFirst(tree.count + 1))/"
        if repository.isIgnored(path) { return Diagnosis("ignored", .ok, "git leaves \(path) out") }
        return Diagnosis(
            "ignored", .problem, "git does not leave \(path) out: the store would get into commits",
            command: "echo '.almrun/' >> '\(workspace.root)/.gitignore'")
    }

    private var manifests: Diagnosis {
        let report = ManifestCheck(root: workspace.root, stages: BuiltinStages.descriptions).report()
        let errors = report.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            return Diagnosis(
                "manifests", .problem,
                "\(errors.count) error\(errors.count == 1 ? "" : "s") in \(report.count) manifests",
                details: errors.map(\.message), command: "almrun check")
        }
        return Diagnosis(
            "manifests", .ok, "\(report.count) can be read, and so can the roles of the people who decide")
    }

    /// What an error says, on one line; of what is wrong with files the first, with its place.
    static func words(_ error: any Error) -> String {
        switch error {
        case let rejected as Rejected: words(rejected.diagnostics)
        case let failure as StageFailure: failure.message
        default: "\(error)"
        }
    }

    private static func words(_ diagnostics: [Diagnostic]) -> String {
        let errors = diagnostics.filter { $0.severity == .error }
        // Where roles cannot be read, each environment lacks those that it names.
        let cause = errors.first { $0.location?.source.name == "environments/roles.yaml" } ?? errors.first
        guard let cause else { return "they are wrong" }
        guard let location = cause.location else { return cause.message }
        let file = location.source.name
        return "\(location.source.bytes.isEmpty ? file : "\(file):\(location.start)"): \(cause.message)"
    }
}
