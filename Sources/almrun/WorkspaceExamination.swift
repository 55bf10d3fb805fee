import Documents
import Engine
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
    func environments() async -> (DeployedPackages?, Diagnosis) {
        do {
            let packages = try await workspace.deployedPackages()
            let count = packages.known.count
            return (packages, Diagnosis("environments", .ok, "all can be read; they know \(count) packages"))
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

    func examine() -> [Diagnosis] { [disk] + git + [manifests, libraries] }

    private var disk: Diagnosis {
        var status = statvfs()
        guard statvfs(workspace.root, &status) == 0 else {
            return Diagnosis("disk", .problem, "cannot be looked at", command: "df -h '\(workspace.root)'")
        }
        let free = Int(status.f_bavail) * Int(status.f_frsize)
        let text = "\(PruneReport.size(free)) free"
        if free < 100_000_000 {
            return Diagnosis("disk", .problem, text, command: "almrun runs prune --keep 20")
        }
        return Diagnosis("disk", free < 1_000_000_000 ? .note : .ok, text)
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

    private static func words(_ error: any Error) -> String {
        switch error {
        case let rejected as Rejected: rejected.diagnostics.first?.message ?? "they are wrong"
        case let failure as StageFailure: failure.message
        default: "\(error)"
        }
    }
}
