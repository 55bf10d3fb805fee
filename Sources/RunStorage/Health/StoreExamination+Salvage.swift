import Engine
import Foundation

/// A file that SQLite finds faults in is put aside, and what can be read of it goes into a new one.
extension StoreExamination {
    /// What a repair of a damaged file does.
    static let salvaging = "put the damaged file aside, and what can be read of it into a new one"

    /// Looks at everything.
    public func examine(repairing: Bool) async -> Outcome {
        guard repairing, await isDamaged() else { return await examineAll(repairing: repairing) }
        let saved: Diagnosis?
        do {
            let lock = try StoreLock.alone(folder)
            // Another repair may have been faster.
            guard await isDamaged(under: lock) else {
                lock.share()
                return await examineAll(repairing: true)
            }
            saved = salvage()
            lock.share()
        } catch {
            saved = Self.notSaved(Self.text(of: error))
        }
        guard let saved, saved.verdict == .repaired else {
            var outcome = await examineAll(repairing: false)
            // What nothing can be read of is told of there, with the ways to go on.
            if let saved { outcome.found.insert(saved, at: 0) }
            return outcome
        }
        // What is left of the runs that are lost is all that there is of them.
        var outcome = await examineAll(repairing: true, removing: false)
        outcome.found.insert(saved, at: 0)
        return outcome
    }

    private func isDamaged(under lock: StoreLock? = nil) async -> Bool {
        guard fileSize ?? 0 > 0 else { return false }
        do throws(RunStoreError) {
            return try await !SQLiteRunStore(folder: folder, under: lock).problems().isEmpty
        } catch {
            if case .damaged = error { return true }
            return false
        }
    }

    /// Whether there are events in the file that can be read.
    var canBeSaved: Bool {
        // A file that cannot be read at all holds nothing for us.
        guard let data = try? Data(contentsOf: URL(filePath: file)) else { return false }
        return EventPages(data).hasEvents
    }

    private static func notSaved(_ why: String, _ left: [String] = ["nothing was changed"]) -> Diagnosis {
        Diagnosis("store", .problem, "is damaged and could not be saved: \(why)", details: left)
    }

    private static func text(of error: any Error) -> String {
        (error as? StageFailure)?.message ?? (error as? RunStoreError)?.description ?? "\(error)"
    }

    /// Saves what can be read; nil where that is nothing. The caller has the store's lock alone.
    private func salvage() -> Diagnosis? {
        let working = RunLock(folder: "\(folder)/runs").workedOn
        guard working.isEmpty else { return Self.notSaved("a process works on run '\(working[0])'") }
        let now = clock.now()
        let replacement = StoreReplacement(folder: folder, time: now)
        replacement.removeCutOff()
        let before = replacement.marks
        defer { replacement.removeNew() }
        do {
            let saved = try collect(replacement)
            guard saved.events > 0 else { return canBeSaved ? Self.notSaved("no event can be read in it") : nil }
            // Another program, or an almrun that knows no lock of the store.
            guard replacement.marks == before, RunLock(folder: "\(folder)/runs").workedOn.isEmpty else {
                return Self.notSaved("a process wrote meanwhile; give the command again")
            }
            let known = try LostRuns(folder: folder).names()
            let lost = namesBeside.union(saved.named).subtracting(saved.told).subtracting(known).sorted()
            let isComplete = saved.isComplete && lost.isEmpty
            try replacement.putAside()
            let record = LostRuns(folder: folder)
            let length = record.length
            do {
                if !isComplete {
                    try record.keep(
                        LostRuns.Loss(
                            runs: lost, place: "\(replacement.aside)/runs.sqlite", events: saved.events,
                            saved: saved.runs), by: person, at: now)
                }
                try replacement.replace()
            } catch {
                return Self.notSaved(
                    Self.text(of: error), replacement.putBack() + record.cut(to: length))
            }
            return Diagnosis(
                "store", .repaired,
                "was damaged: \(saved.events) events of \(saved.runs) runs were saved into a new file",
                details: [
                    "the damaged file is in '\(replacement.aside)'; logs and objects stay, whatever run they are of",
                    "an event that is missing is named below; results of earlier runs are made anew",
                ]
                    + (isComplete
                        ? [] : ["runs may be lost: 'lost runs' below names those that something knows of"]),
                repair: Self.salvaging)
        } catch {
            return Self.notSaved(Self.text(of: error))
        }
    }
}
