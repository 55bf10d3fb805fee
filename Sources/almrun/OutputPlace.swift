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

    /// The place that the system finds under the path: links are followed where they stand, before a `..` behind them.
    static func real(_ path: String) -> String {
        let files = FileManager.default
        var rest = parts((path.hasPrefix("/") ? "" : files.currentDirectoryPath + "/") + path)
        var place: [Substring] = []
        var links = 0
        while let part = rest.popLast() {
            guard part != ".." else {
                _ = place.popLast()
                continue
            }
            let here = "/" + (place + [part]).joined(separator: "/")
            // The system gives up after 40 links, and then nothing can be written there.
            if links < 40, let target = try? files.destinationOfSymbolicLink(atPath: here) {
                links += 1
                if target.hasPrefix("/") { place = [] }
                rest += parts(target)
            } else {
                place.append(part)
            }
        }
        return "/" + place.joined(separator: "/")
    }

    /// The parts of a path, last first.
    private static func parts(_ path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." }.reversed()
    }
}
