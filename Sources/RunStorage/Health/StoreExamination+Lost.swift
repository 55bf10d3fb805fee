import Engine
import Foundation

/// Runs that a repair of a damaged store could not save.
extension StoreExamination {
    /// What a repair read in a damaged file.
    struct Saved {
        var events: Int
        /// Of how many runs.
        var runs: Int
        /// Whether no run can be missing altogether.
        var isComplete: Bool
        /// The names of runs of which there is a row or the first event.
        var told: Set<String>
        /// The names of runs that hold locks or made results.
        var named: Set<String>
    }

    /// How the name of a run ends.
    static var runName: Regex<Substring> { /-\d{8}-\d{6}-[0-9a-z]{4}$/ }

    /// The names of runs that something beside the store knows: logs and files of run locks.
    var namesBeside: Set<String> {
        var names = Set(Self.logFolders("\(folder)/logs"))
        // Where nothing ever ran there is no such folder.
        for file in (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs")) ?? []
        where file.hasSuffix(".lock") {
            let name = String(file.dropLast(5))
            if name.contains(Self.runName) { names.insert(name) }
        }
        return names.filter { RunID($0).isPlain }
    }

    /// Runs that nobody has given up.
    func lost(from store: SQLiteRunStore) async throws -> [Diagnosis] {
        let lost = try await store.lostRuns()
        guard let first = lost.first else { return [] }
        let hasNames = lost.contains { $0.run != nil }
        return [
            Diagnosis(
                "lost runs", .problem,
                hasNames
                    ? "\(lost.filter { $0.run != nil }.count) known by name may have been lost with a damaged store"
                    : "runs may be missing that were in a damaged store",
                details: lost.map(\.reason) + [
                    "until then their logs and all objects stay, and `approvers-of` counts nobody's approval"
                ], command: RunID(first.name).removal)
        ]
    }
}
