import Documents
import Foundation

/// Where a command may write what it was asked to.
enum OutputPlace {
    /// Refuses a place in git's folder or in the one that holds runs, also when links lead there: what is written there by
    /// hand takes the place of what others rely on.
    static func check(_ path: String) throws(Rejected) {
        let parts = real(path).split(separator: "/").map { $0.lowercased() }
        guard let reserved = parts.first(where: { $0 == ".git" || $0 == ".almrun" }) else { return }
        let owner = reserved == ".git" ? "git's own folder" : "the folder that holds the runs"
        throw Rejected([
            Diagnostic(
                "output/reserved", "'\(path)' lies in '\(reserved)', \(owner)", help: "name a place outside of it")
        ])
    }

    /// The path without links, as far as it is there already.
    static func real(_ path: String) -> String {
        var place = URL(filePath: path).standardizedFileURL
        var rest: [String] = []
        while place.path != "/", !FileManager.default.fileExists(atPath: place.path) {
            rest.append(place.lastPathComponent)
            place = place.deletingLastPathComponent()
        }
        let real = place.resolvingSymlinksInPath().path
        return ([real == "/" ? "" : real] + rest.reversed()).joined(separator: "/")
    }
}
