/// A path at which a command says that it makes something for later stages.
public enum GeneratedPath {
    /// Why no command makes such a path for later stages, as after its name; nil when one may.
    public static func objection(to text: String) -> String? {
        guard let path = RepositoryFiles.normalized(text) else { return "leads out of the repository" }
        switch path.split(separator: "/").first.map(String.init) ?? "" {
        case _ where path.isEmpty: return "is the whole repository"
        case _ where RepositoryFiles.isPattern(path): return "is a pattern"
        case ".git", ".almrun": return "is not for files that stages read"
        case "pipelines", "environments", "templates": return "is read when the plan is made"
        default: return nil
        }
    }
}
