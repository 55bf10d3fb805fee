import Documents
import Foundation
public import Zip

/// Writes a whole folder so that it is there complete or not at all.
public enum FolderWriter {
    /// Writes files into a new folder beside the wanted one and renames it; a folder with anything in it is refused.
    ///
    /// With `replacing`, an unpacked solution that is there already is replaced as a whole; any other folder with content
    /// is refused still. A refusal is a `Rejected`, what the machine cannot do a `ZipError`. Gives the files of the old
    /// folder that the new one does not have.
    @discardableResult
    public static func write(_ files: [ZipEntry], to path: String, replacing: Bool = false) throws -> [String] {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let there = try check(path, replacing: replacing)
        let gone = there ? try leftovers(of: path, in: files) : []
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let missing = missingFolders(parent)
        // Folders that others put something into meanwhile stay.
        func takeBack() { for folder in missing { rmdir(folder) } }
        if !parent.isEmpty {
            do {
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            } catch {
                let number = errno
                takeBack()
                throw failure("cannot make the folder '\(parent)'", number)
            }
        }
        var template = Array(TemporaryName.template(for: path).utf8CString)
        guard mkdtemp(&template) != nil else {
            let number = errno
            takeBack()
            throw failure("cannot make a folder beside '\(path)'", number)
        }
        let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do {
            do {
                try fill(temporary, files)
            } catch {
                // The name of a moment says nothing to anybody.
                throw ZipError(error.kind, error.message.replacing(temporary, with: path))
            }
            guard chmod(temporary, 0o755) == 0 else { throw failure("cannot write '\(path)'", errno) }
            try exchange(temporary, path, there)
        } catch {
            // What is left is a temporary folder of ours; that it cannot be removed changes nothing about the failure.
            try? FileManager.default.removeItem(atPath: temporary)
            takeBack()
            throw error
        }
        WholeFile.syncFolder(of: path)
        return gone
    }

    /// A folder and those above it that are not there, the innermost first.
    private static func missingFolders(_ folder: String) -> [String] {
        var missing: [String] = []
        var place = folder[...]
        while !place.isEmpty, access(String(place), F_OK) != 0 {
            missing.append(String(place))
            place = place[..<(place.lastIndex(of: "/") ?? place.startIndex)]
        }
        return missing
    }

    /// The files below a folder that are not among others, sorted; a link counts as a file.
    private static func leftovers(of path: String, in files: [ZipEntry]) throws(Rejected) -> [String] {
        let names = Set(files.map(\.name))
        let paths: [String]
        do {
            paths = try FileManager.default.subpathsOfDirectory(atPath: path)
        } catch {
            throw Rejected(Diagnostic("folder/unreadable", "cannot read the folder '\(path)'"))
        }
        return paths.filter { name in
            var information = stat()
            guard lstat("\(path)/\(name)", &information) == 0 else { return false }
            return information.st_mode & S_IFMT != S_IFDIR && !names.contains(name)
        }.sorted()
    }

    /// Whether something is at the path that has to make way.
    private static func check(_ path: String, replacing: Bool) throws(Rejected) -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return false }
        guard isFolder.boolValue else {
            throw Rejected(Diagnostic("folder/not-a-folder", "'\(path)' is a file"))
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw Rejected(Diagnostic("folder/unreadable", "cannot read the folder '\(path)'"))
        }
        if names.isEmpty { return true }
        guard replacing else {
            throw Rejected(
                Diagnostic("folder/not-empty", "'\(path)' is not empty", help: "--force replaces an unpacked solution"))
        }
        guard FileManager.default.fileExists(atPath: path + "/Other/Solution.xml"), !names.contains(".git") else {
            throw Rejected(
                Diagnostic(
                    "folder/not-a-solution",
                    "'\(path)' holds something else than an unpacked solution and is not replaced"))
        }
        return true
    }

    private static func fill(_ root: String, _ files: [ZipEntry]) throws(ZipError) {
        var folders: Set<String> = []
        for file in files {
            let path = "\(root)/\(file.name)"
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            if folders.insert(folder).inserted {
                do {
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                } catch {
                    throw failure("cannot make the folder '\(folder)'", errno)
                }
            }
            try WholeFile.write(file.bytes, to: path)
        }
    }

    private static func exchange(_ temporary: String, _ path: String, _ there: Bool) throws(ZipError) {
        let old = TemporaryName.putAside(by: temporary)
        if there, rename(path, old) != 0 { throw failure("cannot replace '\(path)'", errno) }
        guard rename(temporary, path) == 0 else {
            let number = errno
            if there { rename(old, path) }
            throw failure("cannot write '\(path)'", number)
        }
        guard there else { return }
        do {
            try FileManager.default.removeItem(atPath: old)
        } catch {
            throw failure("'\(path)' is complete, but what was there before is still at '\(old)'", errno)
        }
    }

    private static func failure(_ what: String, _ number: Int32) -> ZipError {
        ZipError(.unwritable, "\(what): \(String(cString: strerror(number)))")
    }
}
