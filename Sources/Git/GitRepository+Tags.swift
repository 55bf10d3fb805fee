import CLibGit2
public import FoundationEssentials

extension GitRepository {
    /// The tags whose names begin with the prefix, by name.
    public func tags(prefix: String = "") throws(GitError) -> [Tag] {
        var found: [Tag] = []
        for name in try tagNames(prefix: prefix) {
            if let tag = try tag(named: name) { found.append(tag) }
        }
        return found
    }

    /// The names of the tags that begin with the prefix, sorted.
    public func tagNames(prefix: String = "") throws(GitError) -> [String] {
        var names = git_strarray()
        try check(git_tag_list(&names, pointer), "cannot list the tags")
        defer { git_strarray_dispose(&names) }
        var found: [String] = []
        for index in 0..<names.count {
            guard let text = names.strings[index] else { continue }
            let name = String(cString: text)
            if name.hasPrefix(prefix) { found.append(name) }
        }
        return found.sorted()
    }

    /// The tag with the highest version whose name is the prefix and a version, such as `connector/x` and `/v1.2.0`.
    ///
    /// Pre-releases count only when asked for. A tag that leads to no commit is passed over.
    public func newestTag(prefix: String, includingPreReleases: Bool = false) throws(GitError) -> ReleaseTag? {
        var candidates: [(name: String, version: ReleaseVersion)] = []
        for name in try tagNames(prefix: prefix) {
            var rest = name.dropFirst(prefix.count)
            if let first = rest.first, "/-@_".contains(first) { rest = rest.dropFirst() }
            guard let version = ReleaseVersion(rest), includingPreReleases || !version.isPreRelease else { continue }
            candidates.append((name, version))
        }
        candidates.sort { $0.version == $1.version ? $0.name > $1.name : $0.version > $1.version }
        for candidate in candidates {
            if let tag = try tag(named: candidate.name) {
                return ReleaseTag(name: tag.name, version: candidate.version, commit: tag.commit)
            }
        }
        return nil
    }

    /// The tag of that name; nil when there is none, or it leads to no commit.
    public func tag(named name: String) throws(GitError) -> Tag? {
        var found: OpaquePointer?
        let code = git_reference_lookup(&found, pointer, "refs/tags/\(name)")
        if code == GIT_ENOTFOUND.rawValue || code == GIT_EINVALIDSPEC.rawValue { return nil }
        guard code >= 0, let found else { throw GitError.last("cannot read the tag '\(name)'", code: code) }
        let reference = Handle(found, freedBy: git_reference_free)
        guard let target = git_reference_target(reference.pointer)?.pointee else { return nil }
        var id = target
        var opened: OpaquePointer?
        let status = git_object_lookup(&opened, pointer, &id, GIT_OBJECT_ANY)
        guard status >= 0, let opened else { throw missing("cannot read the tag '\(name)'", status) }
        let object = Handle(opened, freedBy: git_object_free)
        var peeled: OpaquePointer?
        guard git_object_peel(&peeled, object.pointer, GIT_OBJECT_COMMIT) >= 0, let peeled else { return nil }
        let commit = Handle(peeled, freedBy: git_object_free)
        guard let commitID = git_object_id(commit.pointer)?.pointee else { return nil }
        guard git_object_type(object.pointer) == GIT_OBJECT_TAG else {
            return Tag(
                name: name, id: CommitID(target), commit: CommitID(commitID), message: nil, tagger: nil, date: nil)
        }
        let tagger = git_tag_tagger(object.pointer)
        return Tag(
            name: name, id: CommitID(target), commit: CommitID(commitID),
            message: git_tag_message(object.pointer).map { String(cString: $0) } ?? "",
            tagger: tagger.map { Person($0) },
            date: tagger.map { Date(timeIntervalSince1970: Double($0.pointee.when.time)) })
    }

    /// Makes an annotated tag unless it is on that commit already; on another commit it throws and names both.
    ///
    /// The same name, commit, message, tagger and time give the same object each time, so repeating changes nothing.
    /// What it gives is on the disk.
    public func createTag(
        named name: String, on revision: String, message: String, tagger: Person, date: Date
    ) throws(GitError) -> TagResult {
        if let problem = TagName.problem(with: name) { throw GitError(.invalidName, problem) }
        let text = Self.tidied(message)
        let target = try resolve(revision, to: GIT_OBJECT_COMMIT)
        guard let targetID = git_object_id(target.pointer).map({ CommitID($0.pointee) }) else {
            throw GitError(.noSuchRevision, "the revision '\(revision)' does not exist")
        }
        if let there = try tag(named: name) { return try compare(there, targetID, text) }

        var signature: UnsafeMutablePointer<git_signature>?
        try check(
            git_signature_new(&signature, tagger.name, tagger.email, git_time_t(date.timeIntervalSince1970), 0),
            "cannot sign the tag as '\(tagger)'")
        defer { git_signature_free(signature) }
        var id = git_oid()
        let code = git_tag_create(&id, pointer, name, target.pointer, signature, text, 0)
        if code == GIT_EEXISTS.rawValue {
            // Another process was faster, or a name such as `a/b` stands where `a` is wanted.
            let words = GitError.last("cannot make the tag '\(name)'", code: code)
            guard let there = try tag(named: name) else { throw words }
            return try compare(there, targetID, text)
        }
        try check(code, "cannot make the tag '\(name)'")
        guard let made = try tag(named: name) else {
            throw GitError(.other, "the tag '\(name)' was made and cannot be read back")
        }
        try sync(made)
        return .created(made)
    }

    private func compare(_ there: Tag, _ commit: CommitID, _ message: String) throws(GitError) -> TagResult {
        guard there.commit == commit else {
            throw GitError(
                .tagElsewhere, "the tag '\(there.name)' is on commit \(there.commit.short), not on \(commit.short)",
                help: "a released version keeps its commit: choose another version")
        }
        try sync(there)
        guard let words = there.message else {
            return .alreadyThere(there, difference: "the tag is a lightweight one, without a message")
        }
        return .alreadyThere(there, difference: words == message ? nil : "the tag carries another message")
    }

    /// The message with one line break at its end and none before it, as `git tag -m` writes it.
    public static func tidied(_ message: String) -> String {
        var text = Substring(message.replacing("\r\n", with: "\n"))
        while let last = text.last, last.isWhitespace { text.removeLast() }
        while let first = text.first, first.isNewline { text.removeFirst() }
        return text.isEmpty ? "" : text + "\n"
    }
}
