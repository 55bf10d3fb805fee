import Documents
import Foundation

/// Looks for what writes left behind that were cut off.
struct LeftoverScan {
    /// Files and folders that nobody needs.
    private(set) var unfinished: [ObjectInventory.File]
    /// Paths of what was there before and may be needed.
    private(set) var putAside: [String] = []

    /// Folders of others in which there may be very many files.
    private static let foreign: Set<String> = [".git", ".build", "node_modules"]

    /// With the files among the objects that are none.
    init(_ strangers: [ObjectInventory.File]) {
        unfinished = strangers.filter { TemporaryName.kind(of: $0.path).map { $0 != .putAside } ?? false }
    }

    /// Goes through a folder; in one that is not ours only the names count that nobody else gives.
    mutating func look(through folder: String, isOurs: Bool, leavingOut known: [String] = []) {
        // A folder that is not there holds nothing.
        guard let names = FileManager.default.enumerator(atPath: folder) else { return }
        while let name = names.nextObject() as? String {
            let path = "\(folder)/\(name)"
            let last = name.split(separator: "/").last.map(String.init) ?? name
            // Objects were looked through before.
            if Self.foreign.contains(last) || known.contains(path) || (isOurs && last == "objects") {
                names.skipDescendants()
                continue
            }
            guard let kind = Self.kind(of: name, isOurs), let file = Self.entry(path) else { continue }
            switch kind {
            case .putAside: putAside.append(path)
            case .unfinished: unfinished.append(file)
            case .unfinishedInOurFolders:
                guard isOurs else { continue }
                unfinished.append(file)
            }
            names.skipDescendants()
        }
    }

    /// A repair of the store makes the new one in a folder that has no name of a temporary file.
    private static func kind(of name: String, _ isOurs: Bool) -> TemporaryName.Kind? {
        if isOurs, name.contains(/^saved-\d{14}$/) { return .unfinishedInOurFolders }
        return TemporaryName.kind(of: name)
    }

    /// A file or a folder; nil for links and whatever else there is.
    private static func entry(_ path: String) -> ObjectInventory.File? {
        var status = stat()
        guard lstat(path, &status) == 0, [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return nil }
        return ObjectInventory.File(
            path: path, bytes: Int(status.st_size),
            changed: Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec)))
    }
}
