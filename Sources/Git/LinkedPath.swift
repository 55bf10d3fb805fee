/// A path of a work tree or a commit with the links on it followed.
struct LinkedPath {
    /// Where it leads, from the top; nil when that is out of the top, or nowhere.
    private(set) var end: String?
    /// The links on the way, from the top, each where it really is.
    private(set) var links: [String] = []

    /// - Parameters:
    ///   - path: From the top.
    ///   - top: The absolute path of the top, for links that are absolute.
    ///   - target: What a link holds; nil for all that is no link.
    init(_ path: String, top: String, target: (String) -> String?) {
        var pending = Self.parts(path)
        var current: [Substring] = []
        var follows = 0
        while !pending.isEmpty {
            let part = pending.removeFirst()
            if part == "." { continue }
            if part == ".." {
                guard current.popLast() != nil else { return }
                continue
            }
            current.append(part)
            let place = current.joined(separator: "/")
            guard let target = target(place) else { continue }
            if !links.contains(place) { links.append(place) }
            follows += 1
            // As the system does with links that lead to each other.
            guard follows <= 40 else { return }
            if target.hasPrefix("/") {
                guard target == top || target.hasPrefix(top + "/") else { return }
                current = []
                pending = Self.parts(String(target.dropFirst(top.count))) + pending
            } else {
                current.removeLast()
                pending = Self.parts(target) + pending
            }
        }
        end = current.joined(separator: "/")
    }

    private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
}
