import Documents
import OrderedCollections

extension Library {
    /// Warns of a connection that two environments bind: a run that knows both of them brings no package there that uses it.
    ///
    /// - Parameter names: Of two environments one at least is among these.
    func checkConnections(of names: some Sequence<String>) {
        let names = Set(names)
        var known: [String: [(environment: String, reference: String)]] = [:]
        for name in environmentNames {
            guard let file = environment(name, at: nil) else { continue }
            for (reference, bound) in file.connections where !bound.connection.isEmpty {
                // Ids have no letter case; of a secret only its name is known, and where it comes from.
                let isSecret = bound.connection.contains("${{")
                let key =
                    isSecret
                    ? bound.connection.filter { !$0.isWhitespace } + " " + (file.secretsFile ?? "")
                    : bound.connection.lowercased()
                let other = known[key]?.first { other in
                    other.environment != name && (names.contains(name) || names.contains(other.environment))
                }
                known[key, default: []].append((name, reference))
                guard let other else { continue }
                problems.add(
                    Diagnostic(
                        "binding/foreign-connection", .warning,
                        "the connection of '\(reference)' in environment '\(name)' is bound in '\(other.environment)' too",
                        at: connectionNode(of: reference, in: name)?.location,
                        notes: [
                            .init(
                                "it is bound there to '\(other.reference)'",
                                at: connectionNode(of: other.reference, in: other.environment)?.location)
                        ],
                        help: isSecret
                            ? "a process that deploys to both binds one connection: take secrets of two names, or give each "
                                + "environment a 'secretsFile', unless each is deployed to by a process of its own"
                            : "give each environment a connection of its own: a run that knows both of them, as its stages "
                                + "or 'after' name them, brings no package there that uses it"))
            }
        }
    }
}
