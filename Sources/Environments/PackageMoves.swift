/// Packages that lie under the names of others, and which of them must be moved to their own before those are put back.
struct PackageMoves: Sendable {
    /// From one name to another; both are digests.
    struct Move: Sendable, Hashable {
        var from: String
        var to: String
    }

    /// Those that are as their names say.
    var whole: Set<String> = []
    /// Names under which something is that is no file.
    var blocked: Set<String> = []
    /// What is there instead, by the name.
    private var strangers: [String: String] = [:]

    /// Takes in that a file has another content than its name says; what is no package need not be kept.
    mutating func add(_ there: String, under name: String, isPackage: Bool) {
        // One of two that are the same is enough.
        guard isPackage, !strangers.values.contains(there) else { return }
        strangers[name] = there
    }

    /// What is to be moved, in an order in which nothing is written over that nothing else has.
    ///
    /// - Parameter wrong: Those that are missing or have another content.
    /// - Parameter hasCopy: Whether a package is whole somewhere else.
    /// - Returns: Also what has to stay where it is, by the name: its own is blocked, or two have each other's.
    func plan(_ wrong: Set<String>, hasCopy: (String) -> Bool) -> (moves: [Move], stuck: [String: String]) {
        let isElsewhere = Set((Array(strangers.keys) + strangers.values).filter(hasCopy))
        var left = strangers.filter { !whole.contains($0.value) && !isElsewhere.contains($0.value) }
        var moves: [Move] = []
        for _ in left {
            let next = left.sorted { $0.key < $1.key }.first { left[$0.value] == nil && !blocked.contains($0.value) }
            guard let next else { break }
            moves.append(Move(from: next.key, to: next.value))
            left[next.key] = nil
        }
        // Where nothing comes in its place, and nobody needs it under its own name, it may as well stay.
        let all = moves
        func isWanted(_ move: Move) -> Bool {
            wrong.contains(move.to) || isElsewhere.contains(move.from) || all.contains { $0.to == move.from }
        }
        for move in moves where !isWanted(move) { left[move.from] = move.to }
        return (moves.filter(isWanted), left)
    }
}
