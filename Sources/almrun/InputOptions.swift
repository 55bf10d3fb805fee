import ArgumentParser
import Documents
import OrderedCollections

/// The inputs of a pipeline, given on the command line.
struct InputOptions: ParsableArguments {
    @Option(name: [.customLong("input"), .customShort("i")], help: "An input of the pipeline: NAME=VALUE.")
    var inputs: [String] = []

    func validate() throws { _ = try values() }

    /// By name; the planner takes the texts for the types of the inputs.
    func values() throws -> OrderedDictionary<String, Value> {
        var values: OrderedDictionary<String, Value> = [:]
        for text in inputs {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw ValidationError("--input is NAME=VALUE, not '\(text)'")
            }
            let name = String(text[..<equals])
            guard values[name] == nil else { throw ValidationError("input '\(name)' is given twice") }
            values[name] = .string(String(text[text.index(after: equals)...]))
        }
        return values
    }
}
