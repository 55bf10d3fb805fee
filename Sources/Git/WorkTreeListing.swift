import Foundation

/// The files at some paths of a work tree, those that links on the way or below lead to with them.
struct WorkTreeListing {
    let top: String
    /// A folder that is passed over on the way down: its files count only where a path leads into it.
    private let passedOver: String?
    /// The paths with the links on them followed, from the top.
    private(set) var paths: [String] = []
    /// All that is no folder, hidden files and links too, from the top; what is in git's own folder is left out.
    private(set) var files: Set<String> = []
    /// The links on the way to the paths.
    private(set) var links: Set<String> = []
    /// Links that lead out of the work tree.
    private(set) var outside: [String] = []

    init(of paths: [String], in top: String, passingOver folder: String?) {
        self.top = top
        passedOver = folder
        for path in paths { add(path) }
    }

    /// What a link of the work tree holds; nil for all else.
    static func linkTarget(_ path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }

    private mutating func add(_ path: String) {
        let place = LinkedPath(path, top: top) { Self.linkTarget("\(top)/\($0)") }
        files.formUnion(place.links)
        links.formUnion(place.links)
        guard let end = place.end else {
            // One that leads nowhere is read by nobody.
            if let link = place.links.last, access("\(top)/\(path)", F_OK) == 0 { outside.append(link) }
            return
        }
        guard !paths.contains(end) else { return }
        paths.append(end)
        let full = end.isEmpty ? top : "\(top)/\(end)"
        var status = stat()
        guard lstat(full, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            files.insert(end)
            return
        }
        guard let names = FileManager.default.enumerator(atPath: full) else { return }
        var below: [String] = []
        while let name = names.nextObject() as? String {
            guard lstat("\(full)/\(name)", &status) == 0 else { continue }
            let file = end.isEmpty ? name : "\(end)/\(name)"
            switch status.st_mode & S_IFMT {
            case S_IFDIR: if file == ".git" || file == passedOver { names.skipDescendants() }
            case S_IFLNK:
                files.insert(file)
                below.append(file)
            default: files.insert(file)
            }
        }
        for link in below { add(link) }
    }
}
