public import Engine
import Environments
import Foundation
import Git
public import Pipelines

/// Puts an annotated tag on the commit that is checked out, exactly once.
///
/// The same tag on the same commit is success; on another commit it is refused, and so is a dirty work tree.
public struct GitTag: Stage {
    public struct Input: Decodable, Sendable {
        public var name: String
        public var message: String
        public var push: String?
    }

    public struct Output: Codable, Sendable, Hashable {
        public var name: String
        public var commit: String
        public var id: String
        public var created: Bool
        public var pushed: Bool
    }

    public static let description = StageDescription(
        kind: "git.tag", effect: .once, summary: "puts an annotated tag on the commit that is checked out",
        details: """
            A tag of that name on the same commit is success and stays as it is; on another commit it is refused, \
            and both commits are named. A work tree with changes that are not committed is refused with the files \
            named (`.almrun/` and ignored files do not count), because the tag would not say what was released.

            With `push` the tag is sent to that remote and read back. Remotes on this machine are reached directly; \
            for others the `git` command does it with your credentials, and never asks for any. A different tag on \
            the remote is never replaced. A remote that cannot be reached is a failure that `retry` tries again.

            After an interruption the stage looks whether the tag is there before it does anything.
            """,
        inputs: [
            .init("name", .string, required: true, "the tag's name, such as `connector/contoso-sales/v1.2.0`"),
            .init("message", .string, required: true, "what the tag says"),
            .init("push", .string, "the remote that gets the tag too, such as `origin`"),
        ],
        outputs: [
            .init("name", .string, "the tag's name"),
            .init("commit", .string, "the commit that it is on"),
            .init("id", .string, "the tag object's id"),
            .init("created", .boolean, "whether this run made it"),
            .init("pushed", .boolean, "whether the remote has it"),
        ],
        example: """
            tag:
              uses: git.tag
              needs: [pack]
              with:
                name: connector/contoso-sales/v${{ inputs.version }}
                message: ${{ stages.diff.releaseNotes }}
            """)

    public init() {}

    public func run(_ input: Input, in context: StageContext) async throws -> Output {
        if let problem = TagName.problem(with: input.name) { throw StageFailure(GitError(.invalidName, problem)) }
        let result = try await git(context) { repository throws(GitError) in
            try refuseChanges(in: repository)
            try refuseOtherCommit(than: context.commit, in: repository)
            // A disk that failed in the middle of an earlier attempt may have kept git from removing its lock.
            if context.attempt > 1 { try repository.removeAbandonedLock(ofTag: input.name) }
            return try repository.createTag(
                named: input.name, on: "HEAD", message: input.message,
                tagger: tagger(repository, context.requester), date: context.now())
        }
        return try await finish(input, result, context)
    }

    public func recover(_ input: Input, in context: StageContext) async throws -> Recovery<Output> {
        let found: Tag?
        do {
            found = try await git(context) { repository throws(GitError) -> Tag? in
                // A process that died while it made the tag leaves git's lock of it, which would stand in the way for ever.
                if try repository.removeAbandonedLock(ofTag: input.name) {
                    context.log("removed the lock of tag '\(input.name)' that the interrupted attempt left")
                }
                guard let tag = try repository.tag(named: input.name) else { return nil }
                guard try isOurs(tag, input, in: repository, of: context.commit) else { return nil }
                try repository.sync(tag)
                return tag
            }
        } catch let failure as StageFailure where failure.kind == .broken {
            return .unknown(
                "tagging '\(input.name)' was interrupted, and the repository cannot say whether the tag was made "
                    + "(\(failure.message)): look with `git show \(input.name)`\(Self.lookAtRemote(input))")
        }
        guard let found else { return .notStarted }
        do {
            return .completed(try await finish(input, .created(found), context))
        } catch let failure as StageFailure where failure.kind == .broken {
            return .unknown(
                "tag '\(input.name)' is on commit \(found.commit.short), and sending it was interrupted "
                    + "(\(failure.message)): look\(Self.lookAtRemote(input))")
        }
    }

    private func isOurs(
        _ tag: Tag, _ input: Input, in repository: borrowing GitRepository, of commit: String?
    ) throws(GitError) -> Bool {
        // The work tree may have moved on since; what counts is the commit that the run was made at.
        if let commit { return tag.commit.description == commit }
        return try repository.head().id == tag.commit || tag.message == GitRepository.tidied(input.message)
    }

    private static func lookAtRemote(_ input: Input) -> String {
        guard let remote = input.push, !remote.isEmpty else { return "" }
        return " in remote '\(remote)' with `git ls-remote --tags \(remote) \(input.name)`"
    }

    /// Opens the repository, works in it and closes it, on a thread that may block.
    private func git<T: Sendable>(
        _ context: StageContext, _ work: @escaping @Sendable (borrowing GitRepository) throws(GitError) -> T
    ) async throws -> T {
        try await blocking {
            do throws(GitError) {
                return try work(try GitRepository(at: context.root))
            } catch {
                throw StageFailure(error)
            }
        }
    }

    private func refuseChanges(in repository: borrowing GitRepository) throws(GitError) {
        let changes = try repository.changes().filter { !$0.path.hasPrefix(".almrun/") }
        guard !changes.isEmpty else { return }
        let names = changes.prefix(10).map(\.description).joined(separator: ", ")
        let more = changes.count > 10 ? " and \(changes.count - 10) more" : ""
        throw GitError(
            .dirty, "the work tree has changes that are not committed: \(names)\(more)",
            help: "commit or stash them, or name them in .gitignore")
    }

    /// What the run built came from one commit, and the tag says so only there.
    private func refuseOtherCommit(
        than commit: String?, in repository: borrowing GitRepository
    ) throws(GitError) {
        let head = try repository.head().id
        guard let commit, head.description != commit else { return }
        throw GitError(
            .tagElsewhere, "the run was made at commit \(commit.prefix(12)), and \(head.short) is checked out now",
            help: "check that commit out, or start a new run")
    }

    private func finish(_ input: Input, _ result: TagResult, _ context: StageContext) async throws -> Output {
        let tag = result.tag
        var created = true
        if case .alreadyThere(_, let difference) = result {
            created = false
            context.log(
                "tag '\(tag.name)' is on commit \(tag.commit.short) already" + (difference.map { "; \($0)" } ?? ""))
        } else {
            context.log("tag '\(tag.name)' is on commit \(tag.commit.short)")
        }
        var pushed = false
        if let remote = input.push, !remote.isEmpty {
            switch try await push(tag, to: remote, context) {
            case .pushed: context.log("sent to remote '\(remote)'")
            case .alreadyThere: context.log("remote '\(remote)' has it already")
            }
            pushed = true
        }
        return Output(name: tag.name, commit: tag.commit.hex, id: tag.id.hex, created: created, pushed: pushed)
    }

    private func push(_ tag: Tag, to remote: String, _ context: StageContext) async throws -> PushResult {
        let done = try await git(context) { repository throws(GitError) -> PushResult? in
            guard try repository.isLocal(remote: remote) else { return nil }
            return try repository.push(tag: tag.name, to: remote)
        }
        if let done { return done }
        return try await GitCommandPush(root: context.root, remote: remote, tag: tag).push()
    }

    /// Who git says works here; where it does not know, who asked for the run.
    private func tagger(_ repository: borrowing GitRepository, _ requester: String) throws(GitError) -> Person {
        do throws(GitError) {
            return try repository.identity(environment: ProcessInfo.processInfo.environment)
        } catch {
            guard !requester.isEmpty else { throw error }
            return Person(name: requester, email: requester)
        }
    }
}
