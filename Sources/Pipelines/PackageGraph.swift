/// Which stages speak for one package: those that made it or are given it, those that come after one of these, those that the
/// makers wait for, and those that work on the same file or folder as a maker or one that it waits for.
///
/// Of a run all of this is known. Of a plan it is what may be, so that a stage which does not speak for the package there surely
/// shows nothing of it.
public struct PackageGraph {
    /// The file or folder that a stage works on.
    public enum Subject {
        case none
        /// Known when the run is made, or later.
        case unknown
        case path(String)
    }

    /// The makers and all that they wait for, those that are given the package, and what comes after either.
    private let related: Set<Int>
    private var paths: Set<String> = []
    /// The folders that these lie in.
    private var folders: Set<String> = []
    private var mayBeAnywhere = false
    private let subject: (Int) -> Subject
    private let isRootAll: Bool

    /// - Parameters:
    ///   - needs: By stage, the positions of those it waits for, without those for the sake of evidence.
    ///   - isRootAll: The whole repository is more than only itself, as earlier versions had it.
    public init(
        needs: [[Int]], makers: Set<Int>, holders: Set<Int>, isRootAll: Bool = false,
        subject: @escaping (Int) -> Subject
    ) {
        self.subject = subject
        self.isRootAll = isRootAll
        let origins = Self.reach(makers, by: needs)
        var followers = [[Int]](repeating: [], count: needs.count)
        for (position, waitedFor) in needs.enumerated() {
            for other in waitedFor { followers[other].append(position) }
        }
        related = Self.reach(makers.union(holders), by: followers).union(origins)
        for origin in origins {
            switch subject(origin) {
            case .none: break
            case .unknown: mayBeAnywhere = true
            case .path(let path):
                paths.insert(path)
                folders.formUnion(Self.folders(above: path))
            }
        }
    }

    /// Whether a stage speaks for the package.
    public func speaks(_ position: Int) -> Bool {
        if related.contains(position) { return true }
        switch subject(position) {
        case .none: return false
        case .unknown: return mayBeAnywhere || !paths.isEmpty
        case .path(let path): return mayBeAnywhere || overlaps(path)
        }
    }

    /// Whether a path is one of the origins' subjects, or lies in one, or one lies in it; the whole repository is only itself.
    private func overlaps(_ path: String) -> Bool {
        if isRootAll, !paths.isEmpty, path.isEmpty || paths.contains("") { return true }
        return paths.contains(path) || folders.contains(path)
            || Self.folders(above: path).contains(where: paths.contains)
    }

    /// Whether two paths are one, or one lies in the other; the whole repository is only itself.
    static func overlap(_ one: String, _ other: String) -> Bool {
        one == other || folders(above: one).contains(other) || folders(above: other).contains(one)
    }

    /// Some stages, and all that is come to from there.
    private static func reach(_ starts: Set<Int>, by edges: [[Int]]) -> Set<Int> {
        var found = starts
        var next = Array(starts)
        while let position = next.popLast() {
            for other in edges[position] where found.insert(other).inserted { next.append(other) }
        }
        return found
    }

    /// The folders that a path lies in, without the repository itself.
    private static func folders(above path: String) -> [String] {
        path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
    }
}
