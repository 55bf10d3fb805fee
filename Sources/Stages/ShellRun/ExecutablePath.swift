import Engine
import Foundation

/// Finds the program of a command, or says clearly why there is none.
enum ExecutablePath {
    /// A name is looked for in `search` (a PATH); a path with a slash is taken from the folder.
    static func find(_ command: String, search: String, folder: String) throws(StageFailure) -> String {
        guard command.contains("/") else {
            for place in search.split(separator: ":", omittingEmptySubsequences: true) {
                let path = "\(place)/\(command)"
                if isRunnable(path) { return path }
            }
            throw StageFailure(
                .broken, "shell/not-found", "there is no program '\(command)' on the PATH",
                notes: ["the PATH is \(search)"])
        }
        let path = command.hasPrefix("/") ? command : "\(folder)/\(command)"
        if isRunnable(path) { return path }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw StageFailure(
                .broken, "shell/not-found", "the program '\(command)' does not exist", notes: ["looked for \(path)"])
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw StageFailure(.broken, "shell/not-executable", "'\(command)' is a folder, not a program")
        }
        throw StageFailure(
            .broken, "shell/not-executable", "the file '\(command)' is not executable",
            notes: ["chmod +x \(command), and commit the mode: git update-index --chmod=+x \(command)"])
    }

    private static func isRunnable(_ path: String) -> Bool {
        guard access(path, X_OK) == 0 else { return false }
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
