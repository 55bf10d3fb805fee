import Documents

extension Expansion {
    /// Finds the needs of every draft: what it declares, what it refers to, and what the templates around it wait for.
    func connect() {
        for position in drafts.indices {
            let draft = drafts[position]
            let entry = draft.frame.entries[draft.entry]
            var seen: Set<Need> = []
            let outputs = Set(draft.uses.map(\.step))
            func add(_ step: StepID, _ reason: Need.Reason, _ location: Location) {
                guard step != draft.id else {
                    problems.report("self-need", "stage '\(entry.name)' waits for itself", at: location)
                    return
                }
                let need = Need(step, reason)
                guard let target = positions[step], seen.insert(need).inserted else { return }
                drafts[position].needs.append(need)
                drafts[position].edges.append((target, location))
            }
            for (step, location) in declared(by: draft.entry, in: draft.frame) { add(step, .declared, location) }
            if draft.frame.dependencies[draft.entry].isEmpty {
                for (step, location) in outerEdges(of: draft.frame) where !outputs.contains(step) {
                    add(step, .declared, location)
                }
            }
            for use in draft.uses { add(use.step, .output(use.output), use.location) }
            for use in draft.conditionUses { add(use.step, .condition(use.output), use.location) }
        }
    }

    /// Checks the needs of an entry that has no draft because something else is wrong with it.
    func checkNeeds(of entry: Int, in frame: Frame) { _ = declared(by: entry, in: frame) }

    /// The steps that an entry's `needs` stand for.
    private func declared(by entry: Int, in frame: Frame) -> [(step: StepID, location: Location)] {
        let stage = frame.entries[entry]
        let isFinally = frame.isFinally || stage.isFinally
        var result: [(step: StepID, location: Location)] = []
        for node in stage.needs {
            guard let text = problems.text(node, "an entry of 'needs'") else { continue }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard let other = frame.index[parts[0]] else {
                problems.unknown(
                    "unknown-stage", "\(frame.what) has no stage '\(parts[0])'", word: parts[0],
                    among: frame.entries.map(\.name).filter { $0 != stage.name }, at: node.location)
                continue
            }
            guard other != entry else {
                problems.report("self-need", "stage '\(stage.name)' waits for itself", at: node.location)
                continue
            }
            let otherIsFinally = frame.isFinally || frame.entries[other].isFinally
            guard otherIsFinally == isFinally else {
                problems.report(
                    "finally-need",
                    isFinally
                        ? "'\(stage.name)' runs after every stage anyway" : "'\(parts[0])' runs after every stage",
                    at: node.location,
                    help: isFinally ? "take it away" : "stages under 'finally' can be needed only there")
                continue
            }
            for step in steps(parts.dropFirst(), of: other, in: frame, node) { result.append((step, node.location)) }
        }
        return result
    }

    /// The last steps of an entry, or of a stage inside it.
    private func steps(_ rest: ArraySlice<String>, of entry: Int, in frame: Frame, _ node: Node) -> [StepID] {
        instances(of: entry, in: frame).flatMap { instance -> [StepID] in
            guard let child = instance.child else {
                if let name = rest.first {
                    problems.report(
                        "unknown-stage", "'\(instance.id)' is a stage and has no stage '\(name)' in it",
                        at: node.location)
                }
                return [instance.id]
            }
            guard let name = rest.first else { return ends(of: child) }
            guard let inner = child.index[name] else {
                problems.unknown(
                    "unknown-stage", "\(child.what) has no stage '\(name)'", word: name,
                    among: child.entries.map(\.name), at: node.location)
                return []
            }
            return steps(rest.dropFirst(), of: inner, in: child, node)
        }
    }

    /// The steps of a template's use that nothing else in it waits for.
    private func ends(of frame: Frame) -> [StepID] {
        if let known = frame.ends { return known }
        var inner: Set<Int> = []
        for others in frame.dependencies { inner.formUnion(others) }
        var last = frame.entries.indices.filter { !inner.contains($0) }
        // Stages in a circle have no end; the circle is reported by itself.
        if last.isEmpty { last = Array(frame.entries.indices) }
        frame.ends = []
        let ends = last.flatMap { entry in
            instances(of: entry, in: frame).flatMap { $0.child.map { self.ends(of: $0) } ?? [$0.id] }
        }
        frame.ends = ends
        return ends
    }

    /// What the first stages of a template's use wait for: the needs of the use, and what its `with` refers to.
    private func outerEdges(of frame: Frame) -> [(step: StepID, location: Location)] {
        if let known = frame.outerEdges { return known }
        guard let parent = frame.use?.frame else { return [] }
        frame.outerEdges = []
        var edges = declared(by: frame.useEntry, in: parent)
        edges += frame.argumentUses.map { ($0.step, $0.location) }
        if parent.dependencies[frame.useEntry].isEmpty { edges += outerEdges(of: parent) }
        frame.outerEdges = edges
        return edges
    }

    /// The drafts in an order in which needs come first and manifest order otherwise, `finally` last; circles are reported.
    func order() -> [Int] {
        var waiting = drafts.map(\.edges.count)
        var dependents: [[Int]] = Array(repeating: [], count: drafts.count)
        for (position, draft) in drafts.enumerated() {
            for edge in draft.edges { dependents[edge.draft].append(position) }
        }
        let main = drafts.indices.filter { !drafts[$0].isFinally }
        let order = main + drafts.indices.filter { drafts[$0].isFinally }
        var rank = Array(repeating: 0, count: drafts.count)
        for (place, position) in order.enumerated() { rank[position] = place }
        var ready = ReadyQueue()
        for position in order where waiting[position] == 0 { ready.push(rank[position]) }
        var sorted: [Int] = []
        sorted.reserveCapacity(drafts.count)
        while let next = ready.pop() {
            let position = order[next]
            sorted.append(position)
            for dependent in dependents[position] {
                waiting[dependent] -= 1
                if waiting[dependent] == 0 { ready.push(rank[dependent]) }
            }
        }
        if sorted.count < drafts.count { reportCycles(among: drafts.indices.filter { waiting[$0] > 0 }) }
        return sorted
    }

    /// Follows needs from each step that could not be ordered until one comes again.
    private func reportCycles(among left: [Int]) {
        let isLeft = Set(left)
        var done: Set<Int> = []
        for start in left where !done.contains(start) {
            var path: [(draft: Int, location: Location)] = []
            var places: [Int: Int] = [:]
            var at = start
            while !done.contains(at), places[at] == nil,
                let edge = drafts[at].edges.first(where: { isLeft.contains($0.draft) })
            {
                places[at] = path.count
                path.append((at, edge.location))
                at = edge.draft
            }
            if let first = places[at] {
                let cycle = Array(path[first...])
                // The circle begins at the step that stands first in the manifest.
                let begin = cycle.indices.min { cycle[$0].draft < cycle[$1].draft } ?? 0
                let turned = Array(cycle[begin...] + cycle[..<begin])
                let names = turned.map { drafts[$0.draft].id.rawValue } + [drafts[turned[0].draft].id.rawValue]
                problems.report(
                    "cycle", "stages wait for one another in a circle: \(names.joined(separator: " -> "))",
                    at: turned[0].location,
                    notes: turned.enumerated().map { index, step in
                        Diagnostic.Note("'\(names[index])' waits for '\(names[index + 1])'", at: step.location)
                    })
            }
            done.formUnion(path.map(\.draft))
        }
    }
}

/// The smallest of the numbers that wait; a binary heap.
struct ReadyQueue {
    private var heap: [Int] = []

    mutating func push(_ number: Int) {
        heap.append(number)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> Int? {
        guard let smallest = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return smallest }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            guard least != parent else { return smallest }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
