/// The second copy of the state: the one file whose loss nothing else makes good.
extension DirectoryEnvironment {
    var stateCopyFile: String { "\(path)/history/state.json" }

    /// Puts the state in place, which is the moment at which it counts, and keeps a copy of it.
    func publish(_ state: EnvironmentState) throws {
        try disk.replace(stateFile, with: StateCoding.readable(state))
        do {
            try putCopy(of: state)
        } catch is EnvironmentError {
            // What took effect has not failed for want of a copy: an examination tells of it, and the next time writes it.
        }
    }

    /// What there is beside a state that it does not know of; nil where it knows of all.
    ///
    /// The receipt of an installation under way, or of one that was cut off, is written before the state, and its package
    /// before that.
    func objection(to state: EnvironmentState) -> String? {
        let numbers = receiptNumbers().sorted(by: >)
        let newest = numbers.first ?? 0
        // One that cannot be read says nothing of whose it is; the newest that can does.
        for number in numbers {
            guard let own = state.operations.first(where: { $0.sequence == number }), let token = token(of: number)
            else {
                continue
            }
            if token != own.token { return "'\(receiptFile(number))' is of another environment or history" }
            break
        }
        if newest > state.operations.count {
            guard newest == state.operations.count + 1, let token = token(of: newest), (try? intent())?.token == token,
                copy()?.operations.contains(where: { $0.token == token }) != true
            else { return "the receipt '\(receiptFile(newest))' is there" }
        }
        if state.operations.isEmpty, !isThere(intentFile), let package = packages().first {
            return "the package '\(path)/packages/\(package)' is there"
        }
        return nil
    }

    /// The operation of a receipt; nil where that cannot be read.
    private func token(of number: Int) -> OperationToken? {
        (try? Disk.read(receiptFile(number))).flatMap { content in
            content.flatMap { try? decode(DeploymentReceipt.self, $0, receiptFile(number)) }
        }?.token
    }

    /// Whether the copy knows of operations that a state does not: those were taken away from the state, which is written first.
    private func isNewer(than state: EnvironmentState) -> Bool {
        let known = Set(state.operations.map(\.token))
        return copy()?.operations.contains { !known.contains($0.token) } == true
    }

    private func copy() -> EnvironmentState? {
        (try? Disk.read(stateCopyFile)).flatMap { content in
            content.flatMap { try? StateCoding.decode(EnvironmentState.self, from: $0) }
        }
    }

    /// The copy, where the state is missing or damaged and the copy agrees with every receipt, and with what others know.
    private func stateToPutBack(_ known: [KnownDeployment]) -> EnvironmentState? {
        do {
            _ = try load()
            return nil
        } catch let error as EnvironmentError where error.code == "environment/damaged" {
            return wholeCopy(known)
        } catch {
            // One of a newer version is whole, and one that may not be read may be.
            return nil
        }
    }

    func wholeCopy(_ known: [KnownDeployment] = []) -> EnvironmentState? {
        guard let kept = copy(), kept.format == EnvironmentState.currentFormat, !kept.operations.isEmpty,
            objection(to: kept) == nil, history(kept).isEmpty, compared(kept, known).isEmpty
        else { return nil }
        return kept
    }

    /// Puts a missing or damaged state back from its copy, or writes a copy that is not of the state anew; what was there in the
    /// place of the state, or a folder in the place of the copy, stays beside it, as `environment.json.damaged` or under the next
    /// name that is free.
    ///
    /// - Parameter known: As ``examine(knowing:copy:)`` was told.
    public func mendState(knowing known: [KnownDeployment] = []) async throws {
        guard isThere(path) else { return }
        let lock = try await locked()
        defer { _ = lock }
        try await blocking {
            if let kept = stateToPutBack(known) {
                if isThere(stateFile) { try keepAside(stateFile) }
                try disk.replace(stateFile, with: StateCoding.readable(kept))
            } else if let state = try? load(), copied(state) != nil, history(state).isEmpty, explained(state).isEmpty,
                compared(state, known).isEmpty, !isNewer(than: state)
            {
                try putCopy(of: state)
            }
        }
    }

    /// Writes the copy; one that knows of what was taken away from the state is not written over.
    private func putCopy(of state: EnvironmentState) throws {
        if isNewer(than: state) || isFolder(stateCopyFile) { try keepAside(stateCopyFile) }
        try disk.replace(stateCopyFile, with: StateCoding.readable(state))
    }

    /// Moves what is not as it should be to its name with `.damaged` behind it, or to the next one that is free.
    private func keepAside(_ file: String) throws {
        let names = sequence(first: 1) { $0 + 1 }.lazy.map { "\(file).damaged" + ($0 == 1 ? "" : "-\($0)") }
        if let free = names.first(where: { !isThere($0) }) { try disk.move(file, to: free) }
    }

    /// That the copy is not of this state, as a crash may leave it; earlier versions made none.
    func copied(_ state: EnvironmentState) -> EnvironmentFinding? {
        guard !state.operations.isEmpty, copy() != state else { return nil }
        guard !isNewer(than: state) else {
            return EnvironmentFinding(
                .note, "'\(stateCopyFile)', the copy of its state, knows of operations that the state does not know",
                "the state was put back to an older one, with its receipts: look which is right; nothing overwrites that copy, "
                    + "which the next deployment moves aside")
        }
        return EnvironmentFinding(
            .note, "'\(stateCopyFile)', the copy of its state, is missing or another one",
            "the next deployment writes it anew; `almrun doctor --repair` does where nothing else is wrong here")
    }
}
