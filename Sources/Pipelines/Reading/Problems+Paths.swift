import Documents

extension Problems {
    /// Whether a path stays in the repository; says so when not.
    func isInside(_ path: String, _ node: Node) -> Bool {
        if path.hasPrefix("/") || path.hasPrefix("~") {
            report(
                "path-absolute", "'\(path)' is absolute", at: node.location,
                help: "paths are relative to the repository's root")
            return false
        }
        guard RepositoryFiles.normalized(path) == nil else { return true }
        report("path-outside", "'\(path)' leads out of the repository", at: node.location)
        return false
    }
}
