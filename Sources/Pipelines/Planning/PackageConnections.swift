import Documents
import OrderedCollections

/// Which stages can be about the package that is deployed, as far as that is known before anything has run.
struct PackageConnections {
    /// A stage, or a gate, of a plan that may still be in the making.
    struct Node {
        var id: StepID
        /// Of a stage.
        var kind: String?
        var input: Argument
        /// The positions of those it waits for, without those for the sake of evidence.
        var needs: [Int]
        /// The input that names the file or folder it works on.
        var subject: String?
        /// Whether stages of its kind make packages of files.
        var makesPackage: Bool
    }

    /// Where the package comes from that a stage is given.
    enum Origin: Hashable {
        /// The stage that makes it.
        case made(Int)
        /// Whoever makes the run gives it.
        case given
        /// Nothing is known.
        case unknown
    }

    private let nodes: [Node]
    private let positions: [StepID: Int]

    init(_ nodes: [Node]) {
        self.nodes = nodes
        positions = Dictionary(nodes.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    /// The stage that makes the package of a deployment, where the plan says so.
    func maker(ofPackageOf position: Int) -> Int? {
        if case .made(let maker)? = origin(ofPackageOf: position) { maker } else { nil }
    }

    /// Where the package of a stage comes from, also where one that is given it hands it on; nil for one that is given none.
    func origin(ofPackageOf position: Int) -> Origin? {
        var at = position
        var seen: Set<Int> = []
        while seen.insert(at).inserted {
            guard let package = package(givenTo: at) else { return at == position ? nil : .made(at) }
            switch package {
            case .reference(.output(let step, name: _, path: let path)):
                guard path.isEmpty, let next = positions[step] else { return .unknown }
                at = next
            case .literal, .map: return .given
            default: return .unknown
            }
        }
        return .unknown
    }

    /// Which stages may be about the package that comes from there; nil where nothing is known of it.
    func graph(of origin: Origin) -> PackageGraph? {
        let stages = nodes.indices.filter { package(givenTo: $0) == nil }
        var makers: Set<Int>
        switch origin {
        case .unknown: return nil
        // Of what whoever makes the run gives nobody knows that no stage makes the same.
        case .given: makers = Set(stages.filter { nodes[$0].makesPackage })
        // One that packs the same in the same way makes the same package.
        case .made(let maker): makers = Set(stages.filter { mayMakeTheSame($0, as: maker) })
        }
        let holders = nodes.indices.filter { position in
            switch self.origin(ofPackageOf: position) {
            case nil: false
            case .made(let maker)?: origin == .given || makers.contains(maker)
            case .given?, .unknown?: true
            }
        }
        return PackageGraph(needs: nodes.map(\.needs), makers: makers, holders: Set(holders), subject: subject)
    }

    /// Whether a stage may be about a package; of one that is given another one nobody is sure which that is.
    func mayConcern(_ position: Int, _ graph: PackageGraph) -> Bool {
        package(givenTo: position) != nil || graph.speaks(position)
    }

    /// The first stage that is given the package and can be waited for before a gate: none of these, which come later.
    func holder(of origin: Origin, before isLater: (Int) -> Bool) -> Int? {
        nodes.indices.first { !isLater($0) && nodes[$0].kind != nil && self.origin(ofPackageOf: $0) == origin }
    }

    /// Whether a stage may work on a file or folder, or on a part of it; one that works on none may make anything.
    func mayWork(_ position: Int, on folder: String) -> Bool {
        guard case .path(let own) = subject(of: position) else { return true }
        return PackageGraph.overlap(own, folder)
    }

    private func package(givenTo position: Int) -> Argument? {
        if case .map(let input) = nodes[position].input { input["package"] } else { nil }
    }

    private func mayMakeTheSame(_ position: Int, as maker: Int) -> Bool {
        guard position != maker else { return true }
        guard nodes[position].kind == nodes[maker].kind, nodes[maker].kind != nil,
            case .map(let own) = nodes[position].input, case .map(let others) = nodes[maker].input
        else { return false }
        return own.allSatisfy { name, argument in
            // Where it is not given, the default may be the same.
            guard let one = argument.literal, let other = others[name]?.literal, !one.isNull, !other.isNull else {
                return true
            }
            guard name == nodes[maker].subject else { return one == other }
            return one.string.flatMap(RepositoryFiles.normalized) == other.string.flatMap(RepositoryFiles.normalized)
        }
    }

    private func subject(of position: Int) -> PackageGraph.Subject {
        let node = nodes[position]
        guard let name = node.subject, case .map(let input) = node.input, let argument = input[name] else {
            return .none
        }
        // What comes as an input, or of a stage, is known when the run is made, or later.
        guard let path = argument.literal?.string.flatMap(RepositoryFiles.normalized) else { return .unknown }
        return .path(path)
    }
}
