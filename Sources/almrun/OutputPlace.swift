import Documents
import Foundation

/// Where a command may write what it was asked to.
enum OutputPlace {
    /// Refuses a place in git's folder or in the one that holds runs, also when links lead there: what is written there by
    /// hand takes the place of what others rely on.
    static func check(_ path: String) throws(Rejected) {
        let place = real(path)
        let parts = place.split(separator: "/").map { $0.lowercased() }
        guard
            let reserved = parts.first(where: names.contains)
                ?? linked(path).first(where: { "\(place)/".hasPrefix("\($0.place)/") })?.name
        else { return }
        let owner = reserved == ".git" ? "git's own folder" : "the folder that holds the runs"
        throw Rejected([
            Diagnostic(
                "output/reserved", "'\(path)' lies in '\(reserved)', \(owner)", help: "name a place outside of it")
        ])
    }

    private static let names = [".git", ".almrun"]

    /// Where the reserved folders lie that are links, of those beside what stands on the way to the path and to here.
    private static func linked(_ path: String) -> [(name: String, place: String)] {
        let files = FileManager.default
        var found: [(name: String, place: String)] = []
        let here = files.currentDirectoryPath
        for start in [here, path.hasPrefix("/") ? path : "\(here)/\(path)"] {
            var folder = start[...]
            while !folder.isEmpty {
                for name in names where (try? files.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")) != nil {
                    found.append((name, real("\(folder)/\(name)")))
                }
                folder = folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)]
            }
        }
        return found
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
