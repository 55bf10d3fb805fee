import CLibGit2

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The settings that git itself would read: from the files that variables may name, and from variables that hold them.
///
/// libgit2 by itself looks at none of these variables.
struct GitSettings: ~Copyable {
    private let files: Handle
    /// Keys in lower case; the last one counts, and comes before every file.
    private let pairs: [(key: String, value: String)]

    /// The settings of a repository, or those that hold outside of any.
    init(repository: OpaquePointer?, environment: [String: String]) throws(GitError) {
        GitLibrary.start()
        let pairs = try GitParameters.pairs(environment)
        files = try Self.files(repository, environment)
        self.pairs = pairs
    }

    private static func files(_ repository: OpaquePointer?, _ environment: [String: String]) throws(GitError) -> Handle
    {
        let files = try Handle("cannot read the settings of git", freedBy: git_config_free) { git_config_new(&$0) }
        for (path, level) in shared(environment) { try add(path, level, repository, to: files) }
        guard let repository else { return files }
        if let folder = git_repository_commondir(repository) {
            try add(String(cString: folder) + "config", GIT_CONFIG_LEVEL_LOCAL, repository, to: files)
        }
        if let flag = value(of: "extensions.worktreeconfig", in: files), isTrue(flag),
            let folder = git_repository_path(repository)
        {
            try add(String(cString: folder) + "config.worktree", GIT_CONFIG_LEVEL_APP, repository, to: files)
        }
        return files
    }

    /// The value of a key in lower case; nil when nobody set it.
    subscript(_ key: String) -> String? {
        pairs.last { $0.key == key }.map(\.value) ?? Self.value(of: key, in: files)
    }

    private static func value(of key: String, in files: borrowing Handle) -> String? {
        var text = git_buf()
        defer { git_buf_dispose(&text) }
        guard git_config_get_string_buf(&text, files.pointer, key) >= 0 else { return nil }
        return text.ptr.map { String(cString: $0) } ?? ""
    }

    /// Whether a key is set to what git takes for yes.
    func flag(_ key: String) -> Bool { self[key].map(Self.isTrue) ?? false }

    private static func add(
        _ path: String, _ level: git_config_level_t, _ repository: OpaquePointer?, to files: borrowing Handle
    ) throws(GitError) {
        // Like git: a file that is not there, or that others keep to themselves, sets nothing.
        guard access(path, R_OK) == 0 else { return }
        try check(
            git_config_add_file_ondisk(files.pointer, path, level, repository, 0),
            "cannot read the settings of git in '\(path)'")
    }

    /// The files of the machine and of the user, those first that give way to the others.
    private static func shared(_ environment: [String: String]) -> [(path: String, level: git_config_level_t)] {
        var found: [(String, git_config_level_t)] = []
        if !(environment["GIT_CONFIG_NOSYSTEM"].map(isTrue) ?? false) {
            if let path = environment["GIT_CONFIG_SYSTEM"] ?? systemFile {
                found.append((path, GIT_CONFIG_LEVEL_SYSTEM))
            }
        }
        // It takes the place of both files of the user.
        if let path = environment["GIT_CONFIG_GLOBAL"] { return found + [(path, GIT_CONFIG_LEVEL_GLOBAL)] }
        let home = environment["HOME"]
        if let folder = environment["XDG_CONFIG_HOME"].flatMap({ $0.isEmpty ? nil : $0 })
            ?? home.map({ "\($0)/.config" })
        {
            found.append(("\(folder)/git/config", GIT_CONFIG_LEVEL_XDG))
        }
        if let home { found.append(("\(home)/.gitconfig", GIT_CONFIG_LEVEL_GLOBAL)) }
        return found
    }

    /// The file of the machine, where there is one.
    private static var systemFile: String? {
        var path = git_buf()
        defer { git_buf_dispose(&path) }
        guard git_config_find_system(&path) >= 0 else { return nil }
        return path.ptr.map { String(cString: $0) }
    }

    private static func isTrue(_ text: String) -> Bool {
        if let number = Int(text) { return number != 0 }
        return ["true", "yes", "on"].contains(text.lowercased())
    }
}
