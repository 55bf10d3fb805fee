public import Documents
import OrderedCollections
public import Pipelines

extension RunState {
    /// A reference that has no value in this run.
    public struct Unresolved: Error, Sendable, Hashable {
        public var reference: String
        public var message: String
    }

    /// The value of an argument with everything put in that the run knows; secrets stay references.
    public func resolve(_ argument: Argument) throws(Unresolved) -> Value {
        switch argument {
        case .literal(let value): return value
        case .reference(let reference): return try resolve(reference)
        case .text(let parts):
            var text = ""
            for part in parts {
                switch part {
                case .literal(let piece): text += piece
                case .reference(let reference): text += try Self.text(of: resolve(reference), for: reference)
                }
            }
            return .string(text)
        case .list(let elements):
            var values: [Value] = []
            values.reserveCapacity(elements.count)
            for element in elements { values.append(try resolve(element)) }
            return .list(values)
        case .map(let members):
            var values = OrderedDictionary<String, Value>()
            for (key, member) in members { values[key] = try resolve(member) }
            return .map(values)
        }
    }

    /// The value of a reference; null for an output that its step did not give.
    func resolve(_ reference: Reference) throws(Unresolved) -> Value {
        switch reference {
        case .secret(let name): return .string("${{ secrets.\(name) }}")
        case .run(.id): return .string(run.rawValue)
        case .run(.requester): return .string(requester)
        case .run(.status): return .string((status.isFinished ? status : outcome).rawValue)
        case .output(let step, let name, let path):
            guard let state = self[step] else {
                throw Unresolved(reference: "\(reference)", message: "there is no step '\(step)'")
            }
            guard state.status.isGood else {
                throw Unresolved(
                    reference: "\(reference)", message: "step '\(step)' has no outputs: it is \(state.status.rawValue)")
            }
            guard let output = state.output else {
                throw Unresolved(
                    reference: "\(reference)",
                    message: "the outputs of step '\(step)' are no longer in the object store")
            }
            var value = Self.member(name, of: output)
            for key in path { value = Self.member(key, of: value) }
            return value
        }
    }

    private static func member(_ key: String, of value: Value) -> Value {
        switch value {
        case .map(let members): return members[key] ?? .null
        case .list(let elements):
            guard let position = Int(key), elements.indices.contains(position) else { return .null }
            return elements[position]
        default: return .null
        }
    }

    private static func text(of value: Value, for reference: Reference) throws(Unresolved) -> String {
        switch value {
        case .null:
            throw Unresolved(reference: "\(reference)", message: "'\(reference)' has no value to put into a text")
        case .boolean(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .number(let number): return "\(number)"
        case .string(let text): return text
        case .list, .map: return value.json()
        }
    }

    /// The entries of a condition that do not hold; nil when it holds.
    func unmet(_ condition: Condition) -> [SkipReason.Seen]? {
        var seen: [SkipReason.Seen] = []
        for alternative in condition.alternatives {
            var misses: [SkipReason.Seen] = []
            for entry in alternative {
                // An output of a step that was skipped or did not end well is no value at all.
                let actual = (try? resolve(entry.argument)) ?? .null
                if !entry.isMet(by: actual) {
                    misses.append(SkipReason.Seen(subject: entry.subject, expected: entry.expected, actual: actual))
                }
            }
            if misses.isEmpty { return nil }
            seen += misses
        }
        return seen
    }
}
