import Documents
import Engine
import Foundation
import Git
import Pipelines
import Stages

extension Workspace {
    private static let roles = "environments/roles.yaml"

    /// Refuses a plan in which a gate counts only what is signed, and the keys are in no commit: whoever starts the run could
    /// have put their own in the place of another's, and would sign as that person.
    func checkKeys(of plan: Plan) throws {
        guard let doubt = doubtAboutKeys(of: plan) else { return }
        throw Refusal("gate/loose-keys", doubt, notes: [Self.wayToKeys])
    }

    /// The same as a warning, for who only looks.
    func looseKeys(of plan: Plan) -> [Diagnostic] {
        doubtAboutKeys(of: plan).map {
            [Diagnostic("gate/loose-keys", .warning, "\($0); a run is refused", help: Self.wayToKeys)]
        } ?? []
    }

    private static let wayToKeys = "commit '\(roles)', or bring back the one of the commit"

    /// Why the keys with which people would sign prove nothing; nil where they are those of the commit, and where nobody must
    /// sign.
    func doubtAboutKeys(of plan: Plan) -> String? {
        // Where there is no such file nobody has a key.
        guard let gate = plan.steps.first(where: \.wantsSignature),
            let read = plan.sources.first(where: { $0.file == Self.roles })?.digest
        else { return nil }
        let what: String
        do throws(GitError) {
            let repository = try GitRepository(at: root)
            if let place = WorkTreePlace(of: self, in: repository) {
                guard let found = try difference(of: place.path(Self.roles), read, in: repository) else { return nil }
                what = found
            } else {
                what = "git compares another work tree than this one"
            }
        } catch {
            what = "it cannot be compared with a commit (\(error))"
        }
        return "'\(gate.id)' counts only what is signed, and the keys in '\(Self.roles)' are in no commit: \(what)"
    }

    /// How the roles that the plan was made of differ from the commit; nil where they do not.
    private func difference(
        of path: String, _ read: String, in repository: borrowing GitRepository
    ) throws(GitError) -> String? {
        let head = try repository.head().id
        if let bytes = try? repository.blob(at: path, revision: head.description), ContentDigest.of(bytes) == read {
            return nil
        }
        // Line endings that git changes, and links that the commit has.
        let found = try repository.differences(below: [path], from: head)
        guard let change = found.first?.change else {
            let bytes = FileManager.default.contents(atPath: "\(root)/\(Self.roles)")
            return bytes.map { ContentDigest.of(Array($0)) } == read ? nil : "it changed in this moment"
        }
        switch change {
        case .untracked: return repository.isIgnored(path) ? "git ignores it" : "nobody has added it to git"
        case .unreadable: return "it leads out of the work tree, or cannot be read"
        default: return "it is not the one of commit \(head.description.prefix(12))"
        }
    }
}
