/// The candidate that was probably meant, or nil when none is near enough.
///
/// Near is a third of the letters, at least one; a swap of neighbours counts as one change, another case as none.
public func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().unicodeScalars.prefix(100))
    guard !wanted.isEmpty else { return nil }
    var best: (distance: Int, candidate: String)?
    for candidate in candidates where candidate != word {
        let letters = Array(candidate.lowercased().unicodeScalars.prefix(100))
        let bound = max(1, max(wanted.count, letters.count) / 3)
        guard abs(wanted.count - letters.count) <= bound else { continue }
        let distance = editDistance(wanted, letters)
        guard distance <= bound, distance < max(wanted.count, letters.count) else { continue }
        if let best, best.distance <= distance { continue }
        best = (distance, candidate)
    }
    return best?.candidate
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
            var distance = min(replaced, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
