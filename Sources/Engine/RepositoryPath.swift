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
        let top = try real(root, of: relative)
        let full = try real(URL(filePath: top).appending(path: relative).standardizedFileURL.path, of: relative)
        guard full == top || full.hasPrefix(top.hasSuffix("/") ? top : top + "/") else {
            throw StageFailure(.broken, "path/outside", "'\(relative)' leads out of the repository")
        }
        return full
    }

    /// The path with the links of its existing part followed; what does not exist yet is added as it stands.
    private static func real(_ path: String, of relative: String) throws(StageFailure) -> String {
        var missing: [String] = []
        var existing = path
        var status = stat()
        while lstat(existing, &status) != 0 {
            let url = URL(filePath: existing)
            guard existing != "/", !existing.isEmpty else { break }
            missing.insert(url.lastPathComponent, at: 0)
            existing = url.deletingLastPathComponent().path
        }
        guard let resolved = realpath(existing, nil) else {
            throw StageFailure(.broken, "path/outside", "'\(relative)' goes through a link that leads nowhere")
        }
        defer { free(resolved) }
        let found = String(cString: resolved)
        return missing.isEmpty ? found : (found == "/" ? "" : found) + "/" + missing.joined(separator: "/")
    }
}
