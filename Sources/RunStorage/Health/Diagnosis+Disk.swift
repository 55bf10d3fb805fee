extension Diagnosis {
    /// What is said of the room on a disk, and what makes more of it.
    ///
    /// Removing runs needs room itself, for the log of what is written and a copy of the file without them.
    ///
    /// - Parameters:
    ///   - free: Bytes that are free.
    ///   - store: Bytes of the store's file.
    ///   - finished: How many finished runs the pipeline has that has most.
    public static func disk(free: Int, store: Int, finished: Int, folder: String) -> Diagnosis {
        let text = "\(PruneReport.size(free)) free"
        guard free < 100_000_000 else { return Diagnosis("disk", free < 1_000_000_000 ? .note : .ok, text) }
        let needed = 3 * store + 1_000_000
        let elsewhere = "df -h '\(folder)'; du -sh '\(folder)'/*"
        let prune = [20, 5, 1].first { finished > $0 }.map { "almrun runs prune --keep \($0)" }
        guard let prune else {
            return Diagnosis(
                "disk", .problem, text,
                details: ["there are no runs to remove: make room elsewhere on this disk, or enlarge it"],
                command: elsewhere)
        }
        guard free < needed else { return Diagnosis("disk", .problem, text, command: prune) }
        return Diagnosis(
            "disk", .problem, text,
            details: [
                "make room elsewhere on this disk first, or enlarge it: to remove runs takes about "
                    + "\(PruneReport.size(needed)) itself",
                "then `\(prune)`, and `almrun resume RUN` for a run that stopped",
            ], command: elsewhere)
    }
}
