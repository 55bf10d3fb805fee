/// Numbers of steps of which the smallest, first in the plan, comes out first.
struct IndexHeap: Sendable {
    private var numbers: [Int] = []

    var isEmpty: Bool { numbers.isEmpty }
    var count: Int { numbers.count }

    mutating func insert(_ number: Int) {
        numbers.append(number)
        var child = numbers.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard numbers[child] < numbers[parent] else { return }
            numbers.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() -> Int? {
        guard let first = numbers.first else { return nil }
        let last = numbers.removeLast()
        guard !numbers.isEmpty else { return first }
        numbers[0] = last
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < numbers.count else { return first }
            let right = left + 1
            let child = right < numbers.count && numbers[right] < numbers[left] ? right : left
            guard numbers[child] < numbers[parent] else { return first }
            numbers.swapAt(child, parent)
            parent = child
        }
    }
}
