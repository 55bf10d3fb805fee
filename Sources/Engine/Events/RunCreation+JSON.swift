import Documents
import OrderedCollections
import Pipelines

/// The JSON form of a creation, written and read a step at a time: a plan of 10,000 steps needs no tree of its own.
extension RunCreation {
    /// One JSON object.
    func json() throws -> [UInt8] {
        var bare = self
        bare.plan.steps = []
        let encoder = ValueEncoder()
        guard case .map(let members) = try encoder.encode(bare) else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512 + plan.steps.count * 224)
        try Self.write(members, to: &bytes) { key, value, bytes in
            guard key == "plan", case .map(let planMembers) = value else { return false }
            try Self.write(planMembers, to: &bytes) { key, _, bytes in
                guard key == "steps" else { return false }
                try JSONLine.list(plan.steps, at: &bytes) { try $0.write(to: &$1) }
                return true
            }
            return true
        }
        return bytes
    }

    /// Writes an object; the body writes the members that it knows better.
    private static func write(
        _ members: OrderedDictionary<String, Value>, to bytes: inout [UInt8],
        _ body: (String, Value, inout [UInt8]) throws -> Bool
    ) throws {
        var mark = UInt8(ascii: "{")
        for (key, value) in members {
            bytes.append(mark)
            mark = UInt8(ascii: ",")
            bytes += JSONLine.bytes(of: .string(key))
            bytes.append(UInt8(ascii: ":"))
            if try !body(key, value, &bytes) { bytes += JSONLine.bytes(of: value) }
        }
        if members.isEmpty { bytes.append(mark) }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Reads what ``json()`` writes.
    init(json node: Node) throws {
        var members = OrderedDictionary<String, Value>()
        var steps: [Step] = []
        let decoder = ValueDecoder()
        for member in node.members {
            guard member.key == "plan" else {
                members[member.key] = member.value.value
                continue
            }
            var plan = OrderedDictionary<String, Value>()
            for part in member.value.members {
                guard part.key == "steps" else {
                    plan[part.key] = part.value.value
                    continue
                }
                plan["steps"] = .list([])
                steps.reserveCapacity(part.value.count)
                for step in part.value.elements { steps.append(try decoder.decode(Step.self, from: step.value)) }
            }
            members["plan"] = .map(plan)
        }
        self = try decoder.decode(RunCreation.self, from: .map(members))
        plan.steps = steps
    }
}
