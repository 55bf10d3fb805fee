import Crypto
import Documents
import Foundation
public import Pipelines

/// Where the lines are kept that steps write: `.almrun/logs/RUN/STEP-ATTEMPT.log`.
public struct StepLogs: Sendable {
    /// Absolute path of the folder.
    public let folder: String
    /// Bytes after which a log takes no more.
    public let limit: Int

    public init(folder: String, limit: Int = 16 << 20) {
        self.folder = folder
        self.limit = limit
    }

    /// The file of an attempt, whether it exists or not; a slash in a step's name becomes `~`.
    ///
    /// A name that is too long for a file gives its beginning and a digest of all of it.
    public func path(run: RunID, step: StepID, attempt: Int) -> String {
        var name = step.rawValue.replacing("/", with: "~").replacing("\0", with: "~")
        if name.utf8.count > 240 {
            let digest = hexadecimal(SHA256.hash(data: Array(step.rawValue.utf8))).prefix(16)
            while name.utf8.count > 200 { name.removeLast() }
            name += "~\(digest)"
        }
        return "\(folder)/\(PathPart.plain(run.rawValue))/\(name)-\(attempt).log"
    }

    /// Takes the lines of an attempt; the file is made with the first one.
    public func writer(run: RunID, step: StepID, attempt: Int) -> StepLogWriter {
        StepLogWriter(
            path: path(run: run, step: step, attempt: attempt), step: step, attempt: attempt, limit: limit)
    }

    /// What the log of an attempt holds now; nil when there is nothing that can be read.
    func digest(run: RunID, step: StepID, attempt: Int) -> LogDigest? {
        guard let content = try? RegularFile.contents(of: path(run: run, step: step, attempt: attempt)),
            !content.isEmpty
        else { return nil }
        return LogDigest(step: step, attempt: attempt, bytes: content.count, sha256: ObjectStore.digest(of: content))
    }

    /// The folder of a run's logs.
    public func folder(of run: RunID) -> String { "\(folder)/\(PathPart.plain(run.rawValue))" }

    /// Reads the lines of an attempt, also while they are written.
    public func reader(run: RunID, step: StepID, attempt: Int) -> StepLogReader {
        StepLogReader(path: path(run: run, step: step, attempt: attempt))
    }
}
