import Git

/// Where the root of a workspace lies in the work tree of git.
struct WorkTreePlace {
    /// Absolute path of the top of the work tree.
    let top: String
    /// The path of the root from there, with a slash at its end; empty when they are the same.
    private let prefix: String

    /// Nil when the root is not in the work tree, which may be said to be elsewhere: then git compares other files than
    /// those that are read.
    init?(of workspace: Workspace, in repository: borrowing GitRepository) {
        let root = workspace.root
        guard let tree = repository.workTree, root == tree || root.hasPrefix(tree + "/") else { return nil }
        top = tree
        prefix = root == tree ? "" : String(root.dropFirst(tree.count + 1)) + "/"
    }

    /// From the top, of one from the root; both may be empty.
    func path(_ path: String) -> String { path.isEmpty ? String(prefix.dropLast()) : prefix + path }

    /// Whether a path from the top is below the root.
    func contains(_ path: String) -> Bool { path.hasPrefix(prefix) }

    /// From the root, of one from the top that is below the root.
    func fromRoot(_ path: String) -> String { String(path.dropFirst(prefix.count)) }
}
