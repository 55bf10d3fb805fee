/// The second copy of the state: the one file whose loss nothing else makes good.
extension DirectoryEnvironment {
    var stateCopyFile: String { "\(path)/history/state.json" }

    /// Puts the state in place, which is the moment at which it counts, and keeps a copy of it.
    func publish(_ state: EnvironmentState) throws {
        let content = try StateCoding.readable(state)
        try disk.replace(stateFile, with: content)
        try disk.replace(stateCopyFile, with: content)
    }

    /// The copy, where the state is missing or damaged and the copy knows of every operation that has a receipt.
    func stateToPutBack() -> EnvironmentState? {
        do {
            _ = try load()
            return nil
        } catch let error as EnvironmentError where error.code == "environment/damaged" {
            return wholeCopy()
        } catch {
            // One of a newer version is whole, and one that may not be read may be.
            return nil
        }
    }

    func wholeCopy() -> EnvironmentState? {
        guard let content = try? Disk.read(stateCopyFile),
            let kept = try? StateCoding.decode(EnvironmentState.self, from: content),
            kept.format == EnvironmentState.currentFormat, let last = kept.operations.last,
            last.sequence == receiptNumbers().max(), (try? receipt(last)) != nil
        else { return nil }
        return kept
    }

    /// Puts a missing or damaged state back from its copy; what was there stays beside it, as `environment.json.damaged`.
    public func putBackState() async throws {
        guard isThere(path) else { return }
        let lock = try await locked()
        defer { _ = lock }
        try await blocking {
            guard let kept = stateToPutBack() else { return }
            if isThere(stateFile) { try disk.move(stateFile, to: "\(stateFile).damaged") }
            try disk.replace(stateFile, with: StateCoding.readable(kept))
        }
    }
}
