import CLibGit2
import FoundationEssentials

extension GitRepository {
    /// Sends a tag to a remote on this machine and reads it back; a different tag of that name there is never replaced.
    ///
    /// Other remotes are refused with the command that does it, because credentials stay with git.
    ///
    /// - Parameter lockPatience: Seconds after which an unchanged lock of the tag there is an abandoned one.
    public func push(
        tag name: String, to remote: String = "origin", lockPatience: Double = 10
    ) throws(GitError) -> PushResult {
        guard let tag = try tag(named: name) else {
            throw GitError(.noSuchRevision, "there is no tag '\(name)' to push")
        }
        let connection = try open(remote)
        if let there = try remoteTag(name, on: connection, called: remote) {
            guard there == tag.id else {
                throw GitError(
                    .tagElsewhere,
                    "the remote '\(remote)' has a tag '\(name)' with id \(there.short), here it is \(tag.id.short)",
                    help: "a released version keeps its tag: choose another version")
            }
            try sync(tag, on: connection)
            return .alreadyThere
        }
        // A process that died while it sent the tag leaves the lock of it there.
        try other(connection).removeAbandonedLock(ofTag: name, patience: lockPatience)
        try send("refs/tags/\(name)", over: connection, called: remote)
        guard try remoteTag(name, on: connection, called: remote) == tag.id else {
            throw GitError(.remoteRefused, "the tag '\(name)' was sent to '\(remote)' and is not there")
        }
        try sync(tag, on: connection)
        return .pushed
    }

    /// The id of a tag as a remote on this machine has it; nil when it has none of that name.
    public func remoteTagID(named name: String, on remote: String = "origin") throws(GitError) -> CommitID? {
        let connection = try open(remote)
        return try remoteTag(name, on: connection, called: remote)
    }

    /// Whether a remote is a folder of this machine, which ``push(tag:to:)`` reaches.
    public func isLocal(remote: String) throws(GitError) -> Bool {
        Self.isLocal(Self.url(of: try lookUp(remote)))
    }

    private func open(_ remote: String) throws(GitError) -> Handle {
        let handle = try lookUp(remote)
        guard Self.isLocal(Self.url(of: handle)) else {
            throw GitError(
                .unsupportedRemote, "the remote '\(remote)' is not on this machine",
                help: "push it with git, which has your credentials: git push \(remote) refs/tags/NAME")
        }
        return handle
    }

    private static func url(of remote: borrowing Handle) -> String {
        (git_remote_pushurl(remote.pointer) ?? git_remote_url(remote.pointer)).map { String(cString: $0) } ?? ""
    }

    private func lookUp(_ remote: String) throws(GitError) -> Handle {
        let pointer = pointer
        var opened: OpaquePointer?
        let code = git_remote_lookup(&opened, pointer, remote)
        guard code >= 0, let opened else {
            if code == GIT_ENOTFOUND.rawValue || code == GIT_EINVALIDSPEC.rawValue {
                throw GitError(
                    .noSuchRemote, "the repository has no remote '\(remote)'", help: "git remote add \(remote) URL")
            }
            throw GitError.last("cannot open the remote '\(remote)'", code: code)
        }
        return Handle(opened, freedBy: git_remote_free)
    }

    /// Whether a URL names a folder: `file://`, or a path and not `host:path`.
    static func isLocal(_ url: String) -> Bool {
        if url.hasPrefix("file://") { return true }
        if url.contains("://") || url.isEmpty { return false }
        guard let colon = url.firstIndex(of: ":") else { return true }
        return url[..<colon].contains("/")
    }

    private func remoteTag(_ name: String, on remote: borrowing Handle, called: String) throws(GitError) -> CommitID? {
        try check(
            git_remote_connect(remote.pointer, GIT_DIRECTION_PUSH, nil, nil, nil), "cannot reach the remote '\(called)'"
        )
        defer { git_remote_disconnect(remote.pointer) }
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try check(git_remote_ls(&heads, &count, remote.pointer), "cannot list the remote '\(called)'")
        for index in 0..<count {
            guard let head = heads?[index]?.pointee, let text = head.name else { continue }
            if String(cString: text) == "refs/tags/\(name)" { return CommitID(head.oid) }
        }
        return nil
    }

    /// A remote is a folder of this machine, so its disk is ours to sync.
    private func sync(_ tag: Tag, on remote: borrowing Handle) throws(GitError) { try other(remote).sync(tag) }

    private func other(_ remote: borrowing Handle) throws(GitError) -> GitRepository {
        try GitRepository(at: Self.path(of: Self.url(of: remote)), disk: disk)
    }

    /// The folder that a URL names for which ``isLocal(_:)`` holds.
    static func path(of url: String) -> String {
        guard url.hasPrefix("file://") else { return url }
        return URL(string: url)?.path(percentEncoded: false) ?? String(url.dropFirst("file://".count))
    }

    private func send(_ reference: String, over remote: borrowing Handle, called: String) throws(GitError) {
        var options = git_push_options()
        git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION))
        let refusal = Refusal()
        options.callbacks.payload = Unmanaged.passUnretained(refusal).toOpaque()
        options.callbacks.push_update_reference = { _, status, payload in
            if let status, let payload {
                Unmanaged<Refusal>.fromOpaque(payload).takeUnretainedValue().words = String(cString: status)
            }
            return 0
        }
        let code = "\(reference):\(reference)".withCString { text in
            var pointer: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(mutating: text)
            return withUnsafeMutablePointer(to: &pointer) { first in
                var references = git_strarray(strings: first, count: 1)
                return git_remote_push(remote.pointer, &references, &options)
            }
        }
        try check(code, "cannot push to the remote '\(called)'")
        if let words = withExtendedLifetime(refusal, { refusal.words }) {
            throw GitError(.remoteRefused, "the remote '\(called)' refused '\(reference)': \(words)")
        }
    }

    /// What a remote said against a reference; filled by libgit2's callback on the calling thread.
    private final class Refusal {
        var words: String?
    }
}
