import Documents
import OrderedCollections

extension Expansion {
    /// The stage that makes the package of a deployment, where the plan says so: one that is given it hands it on.
    func maker(ofPackageOf position: Int) -> Int? {
        var at = position
        var seen: Set<Int> = []
        while seen.insert(at).inserted {
            guard case .map(let input) = drafts[at].input, let package = input["package"] else {
                return at == position ? nil : at
            }
            guard case .reference(.output(let step, name: _, path: let path)) = package, path.isEmpty,
                let next = positions[step]
            else { return nil }
            at = next
        }
        return nil
    }

    /// Whether a stage cannot be about the package that another one makes, by the rule by which evidence is judged: it is
    /// neither given a package, nor before or after the maker, nor works on what one of those before it does.
    ///
    /// - Parameter needs: The drafts that each one waits for, without those for the sake of evidence.
    func isUnrelated(_ position: Int, to maker: Int, _ needs: [[Int]]) -> Bool {
        if case .map(let input) = drafts[position].input, input["package"] != nil { return false }
        let origins = all(from: maker) { needs[$0] }
        let before = all(from: position) { needs[$0] }
        guard !origins.contains(position), !before.contains(maker) else { return false }
        let subjects = origins.map(subject)
        switch subject(of: position) {
        case .none: return true
        case .unknown: return false
        case .path(let own):
            return subjects.allSatisfy { other in
                switch other {
                case .none: true
                case .unknown: false
                case .path(let path): !overlaps(own, path)
                }
            }
        }
    }

    /// The file or folder that a stage works on.
    private enum Subject {
        case none, unknown
        case path(String)
    }

    private func subject(of position: Int) -> Subject {
        let draft = drafts[position]
        guard let name = library.kinds[draft.kind]?.subject, case .map(let input) = draft.input,
            let argument = input[name]
        else { return .none }
        // What comes as an input, or of a stage, is known when the run is made, or later.
        guard let path = argument.literal?.string.flatMap(RepositoryFiles.normalized) else { return .unknown }
        return .path(path)
    }

    /// Whether one is the other, or lies in it; the whole repository is only itself.
    private func overlaps(_ one: String, _ other: String) -> Bool {
        guard !one.isEmpty, !other.isEmpty else { return one == other }
        return RepositoryFiles.isPath(one, atOrBelow: other) || RepositoryFiles.isPath(other, atOrBelow: one)
    }

    /// A draft and all that are reached from it.
    private func all(from start: Int, next: (Int) -> [Int]) -> Set<Int> {
        var found: Set<Int> = [start]
        var waiting = [start]
        while let position = waiting.popLast() {
            for other in next(position) where found.insert(other).inserted { waiting.append(other) }
        }
        return found
    }
}
