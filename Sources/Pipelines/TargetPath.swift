/// Where in a repository an embedded environment may keep its files.
public enum TargetPath {
    /// Why a path, relative to the repository's root, cannot be the folder of an environment; nil when it can.
    public static func objection(to path: String) -> String? {
        guard let normalized = RepositoryFiles.normalized(path) else { return nil }
        // File systems that take no notice of case would open the same folder.
        let parts = normalized.split(separator: "/").map { $0.lowercased() }
        if parts.isEmpty { return "is the repository itself" }
        if parts.contains(".git") { return "lies in git's own folder" }
        if ["pipelines", "environments", "templates"].contains(parts[0]) {
            return "lies in '\(parts[0])', which holds manifests"
        }
        guard parts[0] == ".almrun", parts.count < 3 || parts[1] != "environments" else { return nil }
        return parts == [".almrun", "environments"]
            ? "is the folder of all environments" : "lies in '.almrun', which holds the runs"
    }

    /// What to write instead.
    public static func help(for environment: String) -> String { "such as '.almrun/environments/\(environment)'" }

    /// Whether a path is a folder, or lies in it.
    static func contains(_ folder: String, _ path: String) -> Bool {
        let folder = (RepositoryFiles.normalized(folder) ?? folder).lowercased() + "/"
        return ((RepositoryFiles.normalized(path) ?? path).lowercased() + "/").hasPrefix(folder)
    }

    /// Whether one of two folders lies in the other, or is it.
    static func overlap(_ one: String, _ other: String) -> Bool {
        contains(one, other) || contains(other, one)
    }
}
