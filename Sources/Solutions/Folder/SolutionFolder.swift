public import Documents
import Foundation
public import Zip

/// The files of an unpacked solution, read into memory.
public struct SolutionFolder: Sendable {
    /// The folder's name as shown to people.
    public let name: String
    /// Every file by its path below the solution's root, folders spelled as SolutionPackager spells them.
    public let files: [String: Source]

    /// Reads a folder: the one that holds `Other`, or one with a `src` that does.
    ///
    /// Links are refused: what is packed must lie in the folder.
    public init(path: String, name: String? = nil) throws(Rejected) {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let shown = name ?? path
        let root = try Self.root(of: path, shown)
        let files = try Self.read(root.path, root.name)
        try self.init(sources: files, name: root.name)
    }

    /// A folder that is in memory.
    public init(files: [ZipEntry], name: String) throws(Rejected) {
        try self.init(
            sources: files.map { ($0.name, Source(name: "\(name)/\($0.name)", bytes: $0.bytes)) }, name: name)
    }

    private init(sources: [(path: String, source: Source)], name: String) throws(Rejected) {
        self.name = name
        var files: [String: Source] = [:]
        var folded: [String: String] = [:]
        var problems: [Diagnostic] = []
        for (path, source) in sources {
            let canonical = FolderLayout.canonical(path)
            if let other = folded.updateValue(path, forKey: canonical.lowercased()) {
                problems.append(
                    Diagnostic(
                        "solution/duplicate-file", "'\(path)' and '\(other)' differ only in case",
                        at: Self.begin(source)))
            }
            files[canonical] = source
        }
        for required in [FolderLayout.manifest, FolderLayout.customizations] where files[required] == nil {
            problems.append(
                Diagnostic("solution/not-a-folder", "'\(name)' is not an unpacked solution: it has no '\(required)'"))
        }
        guard problems.isEmpty else { throw Rejected(problems) }
        self.files = files
    }

    /// The bytes of every file by its path below the folder, spelled as it is there.
    public var contents: [String: [UInt8]] {
        Dictionary(files.values.map { (String($0.name.dropFirst(name.count + 1)), $0.bytes) }) { first, _ in first }
    }

    /// Whether a file below the folder is none of a solution's, such as `.gitkeep`.
    public static func overlooks(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        return parts.first == ".git" || parts.contains(where: FolderLayout.ignored.contains)
    }

    /// The first byte of a file, to point at the file itself.
    static func begin(_ source: Source) -> Location { Location(source: source, range: 0..<0) }

    private static func root(of path: String, _ name: String) throws(Rejected) -> (path: String, name: String) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Rejected(Diagnostic("solution/not-a-folder", "there is no folder '\(name)'"))
        }
        guard isFolder.boolValue else {
            throw Rejected(
                Diagnostic("solution/not-a-folder", "'\(name)' is a file, not an unpacked solution's folder"))
        }
        for (candidate, shown) in [(path, name), (path + "/src", name + "/src")] {
            let children = names(in: candidate)
            if let other = children.first(where: { $0.lowercased() == "other" }),
                names(in: "\(candidate)/\(other)").contains(where: { $0.lowercased() == "solution.xml" })
            {
                return (candidate, shown)
            }
            for solution in names(in: candidate + "/solutions")
            where names(in: "\(candidate)/solutions/\(solution)").contains("solution.yml") {
                throw Rejected(
                    Diagnostic(
                        "solution/yaml-layout",
                        "'\(shown)' has the YAML source layout of '\(solution)', which almrun does not pack yet",
                        help: "unpack an export with 'almrun unpack' to get the XML layout"))
            }
        }
        throw Rejected(
            Diagnostic("solution/not-a-folder", "'\(name)' is not an unpacked solution: it has no 'Other/Solution.xml'")
        )
    }

    /// The names in a folder; a folder that cannot be read has none to look at here, and reading it says why.
    private static func names(in path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
    }

    private static func read(_ root: String, _ name: String) throws(Rejected) -> [(path: String, source: Source)] {
        var files: [(path: String, source: Source)] = []
        var problems: [Diagnostic] = []
        var folders = [""]
        var total = 0
        while let folder = folders.popLast() {
            let children: [String]
            do {
                children = try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).sorted()
            } catch {
                problems.append(Diagnostic("solution/unreadable", "cannot read the folder '\(name)/\(folder)'"))
                continue
            }
            for child in children where !FolderLayout.ignored.contains(child) && !(folder.isEmpty && child == ".git") {
                let path = folder.isEmpty ? child : "\(folder)/\(child)"
                var information = stat()
                guard lstat("\(root)/\(path)", &information) == 0 else {
                    problems.append(Diagnostic("solution/unreadable", "cannot read '\(name)/\(path)'"))
                    continue
                }
                switch information.st_mode & S_IFMT {
                case S_IFDIR: folders.append(path)
                case S_IFREG:
                    do throws(ZipError) {
                        let bytes = try WholeFile.read("\(root)/\(path)")
                        total += bytes.count
                        guard total <= ZipLimits().totalBytes else {
                            throw ZipError(.tooLarge, "'\(name)' holds more than \(ZipLimits().totalBytes) bytes")
                        }
                        files.append((path, Source(name: "\(name)/\(path)", bytes: bytes)))
                    } catch {
                        problems.append(Diagnostic("solution/unreadable", error.message))
                        if error.kind == .tooLarge { throw Rejected(problems) }
                    }
                default:
                    problems.append(
                        Diagnostic(
                            "solution/link", "'\(name)/\(path)' is a link or a device",
                            help: "put the file itself into the folder"))
                }
            }
        }
        guard problems.isEmpty else { throw Rejected(problems) }
        return files
    }
}
