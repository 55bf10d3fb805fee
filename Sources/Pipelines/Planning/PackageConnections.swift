import Documents
import OrderedCollections

/// Which stages can be about the package that another one makes, as far as that is known before anything has run.
struct PackageConnections {
    /// A stage, or a gate, of a plan that may still be in the making.
    struct Node {
        var id: StepID
        var input: Argument
        /// The positions of those it waits for, without those for the sake of evidence.
        var needs: [Int]
        /// The input that names the file or folder it works on.
        var subject: String?
    }

    private let nodes: [Node]
    private let positions: [StepID: Int]

    init(_ nodes: [Node]) {
        self.nodes = nodes
        positions = Dictionary(nodes.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    /// The stage that makes the package of a deployment, where the plan says so: one that is given it hands it on.
    func maker(ofPackageOf position: Int) -> Int? {
        var at = position
        var seen: Set<Int> = []
        while seen.insert(at).inserted {
            guard case .map(let input) = nodes[at].input, let package = input["package"] else {
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
    func isUnrelated(_ position: Int, to maker: Int) -> Bool {
        if case .map(let input) = nodes[position].input, input["package"] != nil { return false }
        let origins = needed(by: maker)
        guard !origins.contains(position), !needed(by: position).contains(maker) else { return false }
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

    /// Whether a stage may work on a file or folder, or on a part of it; one that works on none may make anything.
    func mayWork(_ position: Int, on folder: String) -> Bool {
        guard case .path(let own) = subject(of: position) else { return true }
        return overlaps(own, folder)
    }

    /// The file or folder that a stage works on.
    private enum Subject {
        case none, unknown
        case path(String)
    }

    private func subject(of position: Int) -> Subject {
        let node = nodes[position]
        guard let name = node.subject, case .map(let input) = node.input, let argument = input[name] else {
            return .none
        }
        // What comes as an input, or of a stage, is known when the run is made, or later.
        guard let path = argument.literal?.string.flatMap(RepositoryFiles.normalized) else { return .unknown }
        return .path(path)
    }

    /// Whether one is the other, or lies in it; the whole repository is only itself.
    private func overlaps(_ one: String, _ other: String) -> Bool {
        guard !one.isEmpty, !other.isEmpty else { return one == other }
        return RepositoryFiles.isPath(one, atOrBelow: other) || RepositoryFiles.isPath(other, atOrBelow: one)
    }

    /// One, and all that it waits for.
    private func needed(by start: Int) -> Set<Int> {
        var found: Set<Int> = [start]
        var waiting = [start]
        while let position = waiting.popLast() {
            for other in nodes[position].needs where found.insert(other).inserted { waiting.append(other) }
        }
        return found
    }
}
