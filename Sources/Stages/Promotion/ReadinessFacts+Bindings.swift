import Environments
import OrderedCollections
import Pipelines

/// What the environment's file binds now, beside what a run keeps of it.
extension ReadinessFacts {
    /// What would be bound, and where to, in another way; values only where none of the two is a secret.
    func otherBindings(than kept: ReadinessFacts) -> [String] {
        let (new, old) = (environment, kept.environment)
        var said: [String] = []
        if new.target != old.target { said.append("target \(text(of: new.target)) and not \(text(of: old.target))") }
        let fault = newFault(beside: kept)
        let variables = changes(
            "variable", new.variables.mapValues(\.value), old.variables.mapValues(\.value), fault,
            needed: package.contents?.variables.map(\.schemaName))
        let connections = changes(
            "connection", new.connections.mapValues { "\($0.connector) \($0.connection)" },
            old.connections.mapValues { "\($0.connector) \($0.connection)" }, fault,
            needed: package.contents?.connectionReferences.map(\.logicalName))
        said += listed(variables + connections)
        if new.flows != old.flows { said.append("other flows are switched on or off") }
        if let fault { said.append("unmet bindings: \(fault)") }
        return said
    }

    /// Why no new run could bind the package, where the run could.
    private func newFault(beside kept: ReadinessFacts) -> String? {
        guard kept.judgedBinding?.faults.isEmpty == true else { return nil }
        if isRollback { return unbound?.first }
        let faults = pipelines.map { self.faults(ofBindingBy: $0)?.first }
        return faults.contains(nil) ? nil : faults.first ?? nil
    }

    /// One text for each name that has another value, or none any more.
    private func changes(
        _ what: String, _ new: OrderedDictionary<String, String>, _ old: OrderedDictionary<String, String>,
        _ fault: String?, needed: [String]?
    ) -> [String] {
        let needed = needed.map { Set($0.map { $0.lowercased() }) }
        return old.keys.union(new.keys).filter { new[$0] != old[$0] }.compactMap { name in
            // The package has no use for it.
            if let needed, !needed.contains(name.lowercased()) { return nil }
            guard let now = new[name] else {
                return fault?.contains("'\(name)'") == true ? nil : "the file binds \(what) '\(name)' no more"
            }
            let before = old[name]
            guard ![now, before ?? ""].contains(where: { $0.contains("${{") }) else {
                return "\(what) '\(name)' is another secret, or another value with one in it"
            }
            return "\(what) '\(name)' is '\(shortened(now))'" + (before.map { " and not '\(shortened($0))'" } ?? "")
        }
    }

    /// At most five: the file says the rest.
    private func listed(_ texts: [String]) -> [String] {
        let most = 5
        let rest = texts.count - most
        return Array(texts.prefix(most)) + (rest > 0 ? ["\(rest) more that are bound in another way"] : [])
    }

    private func shortened(_ text: String) -> String { text.count > 80 ? "\(text.prefix(80))..." : text }

    private func text(of target: EnvironmentFile.Target) -> String {
        switch target {
        case .directory(let path): "'\(path)'"
        case .dataverse(let url, _, _): url.contains("${{") ? "another one" : "'\(url)'"
        }
    }
}
