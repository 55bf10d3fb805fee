import Documents
import OpenAPI

/// Gathers changes; one edit that many operations reach becomes one change with many operations.
struct ChangeCollector {
    private struct Key: Hashable {
        var id: String
        var text: String
        var base: Node?
        var revision: Node?
    }

    let profile: ComparisonOptions.Profile
    private var found: [Change] = []
    private var operations: [OperationReference] = []
    private var reached: [[Int]] = []
    /// Whether something differs that is no change in the direction in which it counts.
    private(set) var sawInvisible = false
    private var indices: [Key: Int] = [:]
    private var outcomes: [UInt64: Int?] = [:]

    init(profile: ComparisonOptions.Profile) { self.profile = profile }

    /// What became of a difference between schemas at a kind of place: the number of its change; nil is unknown yet.
    ///
    /// The same difference is met again from every operation that reaches it.
    mutating func add(again known: UInt64, in operation: OperationReference) -> Bool {
        guard let index = outcomes[known] else { return false }
        if let index { extend(index, by: operation) }
        return true
    }

    /// Remembers what became of a difference.
    mutating func remember(_ key: UInt64, _ index: Int?) { outcomes[key] = .some(index) }

    /// The changes with the operations that each of them reaches.
    var changes: [Change] {
        zip(found, reached).map { change, numbers in
            var change = change
            change.operations = numbers.map { operations[$0] }
            return change
        }
    }

    /// Whether nothing was found.
    var isEmpty: Bool { found.isEmpty }

    private mutating func extend(_ index: Int, by operation: OperationReference) {
        let number = number(of: operation)
        // Operations come one after the other, so that only the last one can be there already.
        if reached[index].last != number { reached[index].append(number) }
    }

    private mutating func number(of operation: OperationReference) -> Int {
        if operations.last != operation { operations.append(operation) }
        return operations.count - 1
    }

    /// Adds a change of an operation, or of the whole definition; gives its number.
    @discardableResult
    mutating func add(
        _ id: String, _ text: String, part: String? = nil, in operation: OperationReference?, base: Node?,
        revision: Node?
    ) -> Int {
        let key = Key(id: id, text: text, base: base, revision: revision)
        if let index = indices[key] {
            if let operation { extend(index, by: operation) }
            return index
        }
        let kind = ChangeCatalogue.kind(id)
        let level = kind?.level ?? .info
        let message = part.map { "\($0): \(text)" } ?? text
        let number = found.count
        indices[key] = number
        reached.append(operation.map { [self.number(of: $0)] } ?? [])
        found.append(
            Change(
                id: id, level: level, semver: kind?.semver ?? .patch, operations: [],
                part: part, message: message, base: base, revision: revision,
                consumerNote: ConsumerNote.text(for: id, level: level, operation: operation, profile: profile),
                fingerprint: Self.fingerprint(id, operation?.operationID ?? operation?.label ?? "", message)))
        return number
    }

    /// Notes a difference that nobody can see where it is.
    mutating func addInvisible() { sawInvisible = true }

    /// FNV-1a, 64 bits, in hexadecimal.
    private static func fingerprint(_ parts: String...) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in parts {
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
