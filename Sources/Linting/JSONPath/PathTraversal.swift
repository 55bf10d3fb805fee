import Documents

/// Follows many downward paths through a document in one walk.
///
/// The set of path positions that are open at a node is a number; where it leads for a member's name is worked out once
/// and then looked up. A node that many references reach is walked once for each such set.
struct PathTraversal {
    struct Match {
        var path: Int
        var site: Node
        var value: Node
        var key: String?
    }

    private struct State: Hashable, Comparable {
        var path: Int
        var segment: Int

        static func < (left: State, right: State) -> Bool {
            (left.path, left.segment) < (right.path, right.segment)
        }
    }

    private struct Transition {
        var next: [State] = []
        var nextSet = 0
        var matches: [Int] = []
        /// Open positions whose selector has to look at the child itself.
        var conditional: [State] = []

        var isDead: Bool { nextSet == 0 && matches.isEmpty && conditional.isEmpty }
    }

    private struct StateSet {
        var states: [State]
        /// The names that selectors mention; every other name leads to the same place.
        var names: Set<String> = []
        var named: [String: Transition] = [:]
        var other: Transition?
        var hasIndexNames = false
    }

    private struct Visit: Hashable {
        var node: Node
        var set: Int
    }

    private let paths: [JSONPath]
    private let context: LintContext
    private let followsReferences: Bool
    private var sets: [StateSet] = []
    private var identifiers: [[State]: Int] = [:]

    init(_ paths: [JSONPath], in context: LintContext, followsReferences: Bool) {
        self.paths = paths
        self.context = context
        self.followsReferences = followsReferences
    }

    mutating func run(_ report: (Match) -> Void) {
        let root = context.document.root
        var start: [State] = []
        let rootValue = followsReferences ? context.resolve(root) : root
        for (index, path) in paths.enumerated() {
            if path.segments.isEmpty {
                report(Match(path: index, site: root, value: rootValue, key: nil))
            } else {
                start.append(State(path: index, segment: 0))
            }
        }
        _ = set(of: [])
        var visited: Set<Visit> = []
        var pending = [Visit(node: rootValue, set: set(of: start))]
        while let visit = pending.popLast() {
            if followsReferences, !visited.insert(visit).inserted { continue }
            walk(visit, &pending, report)
        }
    }

    private mutating func walk(_ visit: Visit, _ pending: inout [Visit], _ report: (Match) -> Void) {
        switch visit.node.kind {
        case .object:
            for member in visit.node.members {
                let key = member.key
                let transition = transition(from: visit.set, for: key)
                if transition.isDead { continue }
                step(transition, site: member.value, key: key, index: nil, count: 0, &pending, report)
            }
        case .array:
            let count = visit.node.count
            for (index, element) in visit.node.elements.enumerated() {
                let key = String(index)
                let transition = transition(from: visit.set, for: sets[visit.set].hasIndexNames ? key : nil)
                if transition.isDead { continue }
                step(transition, site: element, key: key, index: index, count: count, &pending, report)
            }
        default: break
        }
    }

    private mutating func step(
        _ transition: Transition, site: Node, key: String, index: Int?, count: Int,
        _ pending: inout [Visit], _ report: (Match) -> Void
    ) {
        let value = followsReferences ? context.resolve(site) : site
        for path in transition.matches { report(Match(path: path, site: site, value: value, key: key)) }
        var next = transition.nextSet
        if !transition.conditional.isEmpty {
            var more: [State] = []
            for state in transition.conditional {
                let isTaken: Bool
                switch paths[state.path].segments[state.segment].selector {
                case .filter(let filter):
                    isTaken = filter.accepts(.init(value: value, key: key, site: site, context: context))
                case .slice(let start, let end, let step):
                    isTaken = index.map { JSONPathQuery.slice(start, end, step, holds: $0, of: count) } ?? false
                default: isTaken = false
                }
                guard isTaken else { continue }
                if state.segment + 1 == paths[state.path].segments.count {
                    if !transition.matches.contains(state.path) {
                        report(Match(path: state.path, site: site, value: value, key: key))
                    }
                } else {
                    more.append(State(path: state.path, segment: state.segment + 1))
                }
            }
            if !more.isEmpty { next = set(of: transition.next + more) }
        }
        if next != 0, value.kind == .object || value.kind == .array { pending.append(Visit(node: value, set: next)) }
    }

    /// Where a set of positions leads for a name; worked out when it is asked for the first time.
    private mutating func transition(from set: Int, for name: String?) -> Transition {
        if let name, sets[set].names.contains(name) {
            if let known = sets[set].named[name] { return known }
            let found = transition(from: sets[set].states, for: name)
            sets[set].named[name] = found
            return found
        }
        if let known = sets[set].other { return known }
        let found = transition(from: sets[set].states, for: nil)
        sets[set].other = found
        return found
    }

    /// The number of a set of positions.
    private mutating func set(of states: [State]) -> Int {
        let states = Array(Set(states)).sorted()
        if let known = identifiers[states] { return known }
        let identifier = sets.count
        identifiers[states] = identifier
        sets.append(StateSet(states: states))
        var names: Set<String> = []
        for state in states {
            if case .names(let listed) = paths[state.path].segments[state.segment].selector { names.formUnion(listed) }
        }
        sets[identifier].names = names
        sets[identifier].hasIndexNames = names.contains { Int($0) != nil }
        return identifier
    }

    private mutating func transition(from states: [State], for name: String?) -> Transition {
        var transition = Transition()
        for state in states {
            let segment = paths[state.path].segments[state.segment]
            if segment.isDeep { transition.next.append(state) }
            switch segment.selector {
            case .names(let names):
                guard let name, names.contains(name) else { continue }
            case .wildcard: break
            case .filter, .slice:
                transition.conditional.append(state)
                continue
            case .parent: continue
            }
            if state.segment + 1 == paths[state.path].segments.count {
                if !transition.matches.contains(state.path) { transition.matches.append(state.path) }
            } else {
                transition.next.append(State(path: state.path, segment: state.segment + 1))
            }
        }
        transition.nextSet = set(of: transition.next)
        return transition
    }
}
