public import Documents
import Foundation

/// The files of a repository as planning sees them: on disk or, in tests, in memory.
public struct RepositoryFiles: Sendable {
    /// What a path leads to.
    public enum Kind: Sendable, Hashable { case file, folder }

    private let kindOf: @Sendable (String) -> Kind?
    private let realOf: @Sendable (String) -> String?
    private let entriesOf: @Sendable (String) -> [String]
    private let reader: @Sendable (String) -> (document: Document?, diagnostics: [Diagnostic])

    /// The files under a folder on disk.
    public init(root: String) {
        let prefix = root.hasSuffix("/") ? root : root + "/"
        kindOf = { path in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: prefix + path, isDirectory: &isFolder) else { return nil }
            return isFolder.boolValue ? .folder : .file
        }
        realOf = { Self.real($0, in: root) }
        entriesOf = { path in
            // A folder that is missing or unreadable has no entries for a pattern to match.
            ((try? FileManager.default.contentsOfDirectory(atPath: prefix + path)) ?? []).sorted()
        }
        reader = { path in Document.read(path: prefix + path, file: path) }
    }

    /// Files in memory, by path.
    public init(_ files: [String: String]) {
        var entries: [String: Set<String>] = [:]
        for path in files.keys {
            var parent = ""
            for part in path.split(separator: "/") {
                entries[parent, default: []].insert(String(part))
                parent += (parent.isEmpty ? "" : "/") + part
            }
        }
        let folders = entries.mapValues { $0.sorted() }
        kindOf = { path in
            files[path] != nil ? .file : folders[path] != nil ? .folder : nil
        }
        realOf = { Self.normalized($0) }
        entriesOf = { folders[$0] ?? [] }
        reader = { path in
            guard let text = files[path] else {
                let source = Source(name: path, bytes: [])
                let location = Location(source: source, range: 0..<0)
                return (nil, [Diagnostic("document/missing", "there is no file '\(path)'", at: location)])
            }
            return Document.read(text: text, file: path)
        }
    }

    /// What is at a path, nil when nothing is.
    public func kind(of path: String) -> Kind? { kindOf(Self.normalized(path) ?? path) }

    /// The path with links followed as far as it exists, relative to the root; nil when it leads out of the repository.
    func real(_ path: String) -> String? { realOf(path) }

    private static func real(_ path: String, in root: String) -> String? {
        guard let path = normalized(path), let top = resolved(root) else { return nil }
        var parts = path.split(separator: "/").map(String.init)
        var missing: [String] = []
        while true {
            let place = ([top] + parts).joined(separator: "/")
            var status = stat()
            if lstat(place, &status) == 0 {
                guard let found = resolved(place), isPath(found, atOrBelow: top) else { return nil }
                let inside = found.dropFirst(top.count).split(separator: "/").map(String.init)
                return (inside + missing).joined(separator: "/")
            }
            guard let last = parts.popLast() else { return nil }
            missing.insert(last, at: 0)
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// The names in a folder, sorted; empty when it is none.
    public func entries(of folder: String) -> [String] { entriesOf(folder) }

    /// Reads a document leniently.
    public func read(_ path: String) -> (document: Document?, diagnostics: [Diagnostic]) { reader(path) }

    /// The paths that match a pattern with `*` and `?` in its parts, sorted; hidden entries only where the pattern says so.
    public func matches(_ pattern: String) -> [String] {
        var found = [""]
        for part in pattern.split(separator: "/") where part != "." {
            let isPattern = Self.isPattern(part)
            found = found.flatMap { (folder: String) -> [String] in
                let prefix = folder.isEmpty ? "" : folder + "/"
                guard isPattern else { return kind(of: prefix + part) == nil ? [] : [prefix + part] }
                return entries(of: folder)
                    .filter { ($0.hasPrefix(".") == part.hasPrefix(".")) && Self.matches(Array($0), Array(part)) }
                    .map { prefix + $0 }
            }
        }
        return found.filter { !$0.isEmpty }.sorted()
    }

    /// Whether a text has `*` or `?` in it.
    static func isPattern(_ text: some StringProtocol) -> Bool { text.contains { $0 == "*" || $0 == "?" } }

    /// The path without `.`, `..` and doubled slashes; nil when it is absolute or leaves the repository.
    public static func normalized(_ path: String) -> String? {
        guard !path.hasPrefix("/"), !path.hasPrefix("~") else { return nil }
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }

    /// Whether a path is another one, or lies below it; both ``normalized(_:)``.
    public static func isPath(_ path: String, atOrBelow place: String) -> Bool {
        path == place || path.hasPrefix(place + "/")
    }

    private static func matches(_ name: [Character], _ pattern: [Character]) -> Bool {
        var (at, want) = (0, 0)
        var (star, mark) = (-1, 0)
        while at < name.count {
            if want < pattern.count, pattern[want] == "*" {
                (star, mark) = (want, at)
                want += 1
            } else if want < pattern.count, pattern[want] == "?" || pattern[want] == name[at] {
                at += 1
                want += 1
            } else if star >= 0 {
                mark += 1
                (at, want) = (mark, star + 1)
            } else {
                return false
            }
        }
        return pattern[want...].allSatisfy { $0 == "*" }
    }
}
