import Foundation

/// Paths in manifests: relative to the repository's root, and never outside it.
public enum RepositoryPath {
    /// The absolute path, links resolved as far as the path exists.
    public static func resolve(_ relative: String, in root: String) throws(StageFailure) -> String {
        guard !relative.hasPrefix("/") else {
            throw StageFailure(
                .broken, "path/absolute", "'\(relative)' is absolute",
                notes: ["paths are relative to the repository's root"])
        }
        let top = URL(filePath: root).standardizedFileURL.resolvingSymlinksInPath().path
        let full = URL(filePath: top).appending(path: relative).standardizedFileURL.resolvingSymlinksInPath().path
        guard full == top || full.hasPrefix(top.hasSuffix("/") ? top : top + "/") else {
            throw StageFailure(.broken, "path/outside", "'\(relative)' leads out of the repository")
        }
        return full
    }
}
