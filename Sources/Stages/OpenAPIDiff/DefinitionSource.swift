public import Documents
import Engine
import Git
public import OpenAPI
import Pipelines

import struct Foundation.URL

/// Where an OpenAPI document comes from: a file, a git revision, or the newest release tag.
public enum DefinitionSource: Sendable, Hashable {
    /// A path.
    case file(String)
    /// `git:REVISION:PATH`; without a path the one of the newer document.
    case revision(String, path: String?)
    /// `tag:PREFIX` or `tag:PREFIX:PATH`: the tag with the highest version behind the prefix.
    case newestTag(prefix: String, path: String?)

    /// Reads what stands in a manifest or on the command line.
    public init(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        let path = parts.count == 3 && !parts[2].isEmpty ? parts[2] : nil
        switch parts[0] {
        case "git" where parts.count > 1: self = .revision(parts[1], path: path)
        case "tag" where parts.count > 1: self = .newestTag(prefix: parts[1], path: path)
        default: self = .file(text)
        }
    }

    /// A document that was found.
    public struct Found: Sendable {
        /// The definition.
        public var definition: APIDefinition
        /// The version that it was released as: the tag's, else what the definition says.
        public var version: String?
        /// What to call it: `connector/x/v1.2.0:apiDefinition.swagger.json`.
        public var name: String
        /// The commit that it was read from; nil for a file.
        public var commit: String?
    }

    /// Finds and reads the document; nil where there is no tag with the prefix, or the tag has no such file.
    ///
    /// - Parameters:
    ///   - document: the path of the newer document, which the older one has too unless it says otherwise.
    ///   - root: the absolute path of the folder that paths begin at.
    ///   - read: reads a file.
    public func find(
        document: String, root: String, read: (String) throws -> Document
    ) throws -> Found? {
        switch self {
        case .file(let path):
            return try found(try read(path), name: path, version: nil)
        case .revision(let revision, let path):
            let path = path ?? document
            let (bytes, commit) = try git(root) { repository throws(GitError) -> ([UInt8], CommitID?) in
                // A branch can be moved at any moment: it is asked once. What is no commit has only its files.
                let commit = try? repository.commit(revision).id
                let place = Self.path(path, root, repository.workTree)
                return (
                    try repository.blob(at: place, revision: commit?.description ?? revision, named: revision), commit
                )
            }
            let name = "\(revision):\(path)"
            var found = try found(Self.read(bytes, name: name, like: path), name: name, version: nil)
            found.commit = commit?.description
            return found
        case .newestTag(let prefix, let path):
            let path = path ?? document
            let tagged = try git(root) { repository throws(GitError) -> (ReleaseTag, [UInt8])? in
                guard let tag = try repository.newestTag(prefix: prefix) else { return nil }
                do throws(GitError) {
                    let place = Self.path(path, root, repository.workTree)
                    let commit = tag.commit.description
                    return (tag, try repository.blob(at: place, revision: commit, named: tag.name))
                } catch {
                    guard error.kind == .noSuchPath else { throw error }
                    return nil
                }
            }
            guard let (tag, bytes) = tagged else { return nil }
            let name = "\(tag.name):\(path)"
            var found = try found(
                Self.read(bytes, name: name, like: path), name: name, version: tag.version.description)
            found.commit = tag.commit.description
            return found
        }
    }

    /// Whether a commit leads to another one; nil where it cannot be seen.
    func isAncestor(_ commit: String?, of other: String?, root: String) -> Bool? {
        guard let commit = commit.flatMap({ CommitID(hex: $0) }), let other = other.flatMap({ CommitID(hex: $0) })
        else {
            return nil
        }
        return try? git(root) { repository throws(GitError) in try repository.leads(commit, to: other) }
    }

    /// Whether the base is the newer document as the run's own commit has it; nil where it is of no commit.
    func isOwn(_ base: Found, document: String, commit: String?) -> Bool? {
        guard let read = base.commit, let commit else { return nil }
        switch self {
        case .file: return nil
        case .revision(_, let path), .newestTag(_, let path):
            let isSameFile = path.map { RepositoryFiles.normalized($0) == RepositoryFiles.normalized(document) } ?? true
            return read == commit && isSameFile
        }
    }

    /// Why there was nothing to find: a mistyped prefix looks like a first release.
    public func absence(document: String, root: String) throws -> String {
        guard case .newestTag(let prefix, let path) = self else { return "there is nothing to compare with" }
        return try git(root) { repository throws(GitError) -> String in
            if let tag = try repository.newestTag(prefix: prefix) {
                return "the tag '\(tag.name)' has no file '\(path ?? document)'"
            }
            let text = "there is no tag with the prefix '\(prefix)' and a version behind it"
            let others = Set(try repository.tagNames().map(Self.prefix)).sorted()
            if let near = suggestion(for: prefix, among: others) ?? others.first(where: { $0.hasPrefix(prefix) }) {
                return text + "; did you mean '\(near)'?"
            }
            let names = others.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
            return others.isEmpty ? text : text + "; there are tags of \(names)"
        }
    }

    /// The name of a tag without the version at its end: `connector/x` of `connector/x/v1.2.0`.
    private static func prefix(_ tag: String) -> String {
        var rest = tag[...]
        while let last = rest.last, last.isNumber || last == "." { rest = rest.dropLast() }
        if rest.count < tag.count, rest.last == "v" { rest = rest.dropLast() }
        if let last = rest.last, "/-@_".contains(last) { rest = rest.dropLast() }
        return rest.isEmpty ? tag : String(rest)
    }

    private func found(_ document: Document, name: String, version: String?) throws(Rejected) -> Found {
        let definition = try APIDefinition(document)
        return Found(definition: definition, version: version ?? definition.declaredVersion, name: name)
    }

    /// A revision in front of the name must not hide the file's ending.
    private static func read(_ bytes: [UInt8], name: String, like path: String) throws(Rejected) -> Document {
        let lower = path.lowercased()
        let isYAML = lower.hasSuffix(".yaml") || lower.hasSuffix(".yml")
        return try Document(bytes: bytes, file: name, syntax: isYAML ? .yaml : lower.hasSuffix(".json") ? .json : nil)
    }

    private func git<Result>(
        _ root: String, _ work: (borrowing GitRepository) throws(GitError) -> Result
    ) throws(StageFailure) -> Result {
        do {
            return try work(try GitRepository(at: root))
        } catch {
            throw StageFailure(
                .broken, "diff/base", "the base cannot be read: \(error.message)",
                notes: error.help.map { [$0] } ?? [])
        }
    }

    /// The path as git knows it: from the top of the work tree, which may lie above the root.
    private static func path(_ relative: String, _ root: String, _ workTree: String?) -> String {
        guard let workTree else { return relative }
        let top = URL(filePath: workTree).resolvingSymlinksInPath().path
        let place = relative.hasPrefix("/") ? URL(filePath: relative) : URL(filePath: root).appending(path: relative)
        // The file need not exist any more, its folder decides.
        let folder = place.deletingLastPathComponent().standardizedFileURL.resolvingSymlinksInPath()
        let full = folder.appending(path: place.lastPathComponent).path
        return full.hasPrefix(top + "/") ? String(full.dropFirst(top.count + 1)) : relative
    }
}
