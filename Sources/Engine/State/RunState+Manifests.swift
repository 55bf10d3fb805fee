import OrderedCollections
public import Pipelines

extension RunState {
    /// That what the gates of the run ask for was read from files that are in no commit, one line each.
    ///
    /// - Parameter gate: The files of other environments are only listed then; nil for the whole run.
    public func looseManifestNotes(at gate: Step? = nil) -> [String] {
        var notes: [String] = []
        var others: [String] = []
        for file in people.looseManifests where KnownPeople.isManifest(file) {
            let name = Self.environment(of: file)
            if file == Self.roles {
                notes.append("who has which role is said by a file that was in no commit: \(file)")
            } else if let name, plan.environments[name] != nil, gate == nil || gate?.environment == name {
                notes.append("the gates of '\(name)' are those of a file that was in no commit: \(file)")
            } else {
                others.append(file)
            }
        }
        if !others.isEmpty {
            let beside = notes.isEmpty ? "" : " either,"
            notes.append("in no commit\(beside) when the run was made: \(others.joined(separator: ", "))")
        }
        return notes
    }

    /// Whether the keys of people, with their roles, were read from a file that was in no commit.
    var hasLooseKeys: Bool {
        // The package of a rollback may be of no known commit, and its roles are.
        people.looseManifests.contains(Self.roles) || (commit == nil && !plan.isRollback)
    }

    private static let roles = "environments/roles.yaml"

    private static func environment(of file: String) -> String? {
        let (folder, ending) = ("environments/", ".yaml")
        guard file.hasPrefix(folder), file.hasSuffix(ending) else { return nil }
        return String(file.dropFirst(folder.count).dropLast(ending.count))
    }
}

extension KnownPeople {
    /// The first few files that differed from the commit, without pipelines, environments, roles and templates.
    public var looseFiles: [String] { looseManifests.filter { !Self.isManifest($0) } }

    /// Whether a file is one of those that say what is done and who decides.
    public static func isManifest(_ file: String) -> Bool {
        file.hasSuffix(".yaml") && ["pipelines/", "environments/", "templates/"].contains { file.hasPrefix($0) }
    }
}
