import Documents
import Foundation

extension DirectoryEnvironment {
    /// A deployment that somebody else knows of, such as the ledger of a run.
    public struct KnownDeployment: Sendable, Hashable {
        public var token: OperationToken
        public var solution: String
        public var version: String
        /// SHA-256 of the package.
        public var digest: String
        /// Who knows of it, for people.
        public var source: String

        public init(token: OperationToken, solution: String, version: String, digest: String, source: String) {
            self.token = token
            self.solution = solution
            self.version = version
            self.digest = digest
            self.source = source
        }
    }

    /// Looks whether the state, the history and the packages are whole and say the same, and that nothing is missing of
    /// what others know; empty when all is well or nothing was ever installed.
    ///
    /// Nothing is changed. While an installation is under way, what it is about to write is no fault.
    ///
    /// - Parameter copy: Looks elsewhere for a package that is damaged here.
    public func examine(
        knowing known: [KnownDeployment] = [], copy: @escaping CopyFinder = { _ in nil }
    ) async throws -> [EnvironmentFinding] {
        guard isThere(path) else {
            return known.isEmpty ? [] : [gone("'\(path)' is not there", known)]
        }
        // The lock keeps installations out, so that what is seen is of one moment.
        let file = "\(path)/lock"
        let mayWrite = access(file, W_OK) == 0
        let lock =
            !isThere(file)
            ? nil : mayWrite ? try await locked() : try await EnvironmentLock(reading: file, patience: patience)
        defer { _ = lock }
        return try await blocking { examineNow(known, copy) }
    }

    /// Removes what ``examine(knowing:)`` calls left over.
    public func removeLeftovers() async throws {
        guard isThere(intentFile) else { return }
        let lock = try await locked()
        defer { _ = lock }
        try await blocking {
            if let intent = try intent(), try load().operation(intent.token) != nil { try disk.remove(intentFile) }
        }
    }

    private func examineNow(_ known: [KnownDeployment], _ copy: CopyFinder) -> [EnvironmentFinding] {
        let numbers = receiptNumbers()
        let packages = packages()
        func unusable(_ message: String, _ state: EnvironmentState? = nil) -> [EnvironmentFinding] {
            let kept = wholeCopy(known)
            return [EnvironmentFinding(kept == nil ? .problem : .mendable, message, consequence(kept, state))]
                + damaged(packages, kept, copy)
        }
        do {
            if let state = try readState() {
                if let objection = objection(to: state) {
                    let found = unusable(words(for: objection, to: state), state)
                    return found + (found.first?.kind == .mendable ? [] : history(state) + compared(state, known))
                }
                return history(state) + damaged(packages, state, copy) + explained(state) + compared(state, known)
                    + intents(state) + [copied(state)].compactMap(\.self)
            }
            let there = "\(numbers.count) receipts and \(packages.count) packages are there"
            let message = "'\(stateFile)' is missing, and \(there)"
            if wholeCopy(known) != nil { return unusable(message) }
            if let left = try intent(), numbers.allSatisfy({ $0 == 1 }), known.isEmpty { return [unfinished(left)] }
            guard !known.isEmpty || !numbers.isEmpty || !packages.isEmpty else { return [] }
            return [gone(message, known, isRefused: (try? load()) == nil)] + damaged(packages, nil, copy)
        } catch let error as EnvironmentError where error.code == "environment/damaged" {
            return unusable(error.message)
        } catch {
            // One of a newer version is whole.
            let known = error as? EnvironmentError
            let advice = known?.notes.last ?? consequence(nil, nil)
            return [EnvironmentFinding(.problem, known?.message ?? "\(error)", advice)] + damaged(packages, nil, copy)
        }
    }

    /// What an unusable state means, and what helps.
    ///
    /// - Parameters:
    ///   - kept: The copy that can take its place.
    ///   - state: What can be read of it: one that is not the newest.
    func consequence(_ kept: EnvironmentState?, _ state: EnvironmentState?) -> String {
        let meaning = "nothing can be installed, shown or rolled back here until it is put back"
        if let last = kept?.operations.last {
            return
                "\(meaning): `almrun doctor --repair` does it, from '\(stateCopyFile)', as operation \(last.sequence) left it"
        }
        guard let newest = receiptNumbers().max() else { return "\(meaning) from a copy" }
        guard let state else {
            return "\(meaning) from a copy; what the last operation left is told by '\(receiptFile(newest))'"
        }
        guard newest > state.operations.count else { return "\(meaning) from a copy of this environment" }
        return
            "\(meaning) from a newer copy; where there is none, move 'history/state.json' and the receipts after operation "
            + "\(state.operations.count) aside: what they brought is not known here then, and the next deployment plans anew"
    }

    private func gone(
        _ message: String, _ known: [KnownDeployment], isRefused: Bool = false
    ) -> EnvironmentFinding {
        let newest = known.last.map { ": \($0.source) brought '\($0.solution)' \($0.version) here" } ?? ""
        return EnvironmentFinding(
            .problem, message + newest,
            "what is installed is not known any more, and the next deployment \(isRefused ? "is refused" : "would begin anew"): "
                + "put it back from a copy, or correct 'target' if the folder was moved, which is '\(path)' there; who means to begin "
                + "anew declares an environment of another name")
    }

    // MARK: - History

    /// Operations and their receipts, one by one.
    func history(_ state: EnvironmentState) -> [EnvironmentFinding] {
        var found: [EnvironmentFinding] = []
        let edited = "the history was changed: put environment.json and history/ back from a copy"
        if state.operations.map(\.sequence) != Array(1..<(state.operations.count + 1)) {
            found.append(
                EnvironmentFinding(
                    .problem, "the operations in '\(stateFile)' are not numbered one after the other", edited))
        }
        if Set(state.operations.map(\.token)).count != state.operations.count {
            found.append(
                EnvironmentFinding(.problem, "an operation is in '\(stateFile)' more than once", edited))
        }
        for operation in state.operations {
            do {
                let receipt = try receipt(operation)
                let wrong = Self.differences(operation, receipt)
                guard !wrong.isEmpty else { continue }
                found.append(
                    EnvironmentFinding(
                        .problem,
                        "'\(stateFile)' and '\(receiptFile(operation.sequence))' tell of operation \(operation.sequence) "
                            + "with another \(wrong.joined(separator: ", "))", edited))
            } catch {
                found.append(
                    EnvironmentFinding(
                        .problem, "\(error)",
                        "what operation \(operation.sequence) ('\(operation.solution)' \(operation.version)) did cannot be "
                            + "shown or read back, and a run that was cut off in it cannot go on: put the file back from a copy"
                    ))
            }
        }
        return found
    }

    static func differences(_ operation: EnvironmentState.Operation, _ receipt: DeploymentReceipt) -> [String] {
        var wrong: [String] = []
        if receipt.sequence != operation.sequence { wrong.append("number") }
        if receipt.solution != operation.solution { wrong.append("solution") }
        if receipt.version != operation.version { wrong.append("version") }
        if receipt.action != operation.action { wrong.append("action") }
        if receipt.by != operation.by { wrong.append("person") }
        if receipt.at != operation.at { wrong.append("time") }
        return wrong
    }

    /// The note of an installation under way.
    private func intents(_ state: EnvironmentState) -> [EnvironmentFinding] {
        var found: [EnvironmentFinding] = []
        do {
            if let intent = try intent() {
                if state.operation(intent.token) != nil {
                    found.append(
                        EnvironmentFinding(
                            .leftover, "'\(intentFile)' is of an installation that has ended", "nobody needs it"))
                } else {
                    found.append(unfinished(intent))
                }
            }
        } catch {
            found.append(
                EnvironmentFinding(
                    .problem, "\(error)", "which installation was cut off is not known; the next one writes it anew"))
        }
        return found
    }

    private func unfinished(_ intent: UnfinishedOperation) -> EnvironmentFinding {
        EnvironmentFinding(
            .note, "the installation of '\(intent.solution)' \(intent.version) for \(intent.by) was cut off",
            "it changed nothing; `almrun resume` of its run, or the next deployment, goes on")
    }

    // MARK: - State

    /// What is in the state and not by what the history says.
    func explained(_ state: EnvironmentState) -> [EnvironmentFinding] {
        let advice = "somebody else changed it: the next deployment sets it as its settings say, or put it back"
        var found: [EnvironmentFinding] = []
        for name in state.solutions.keys.sorted() where !state.operations.contains(where: { $0.solution == name }) {
            found.append(
                EnvironmentFinding(
                    .problem, "'\(name)' is installed, and no operation of the history brought it", advice))
        }
        var later: [DeploymentReceipt.Expectation] = []
        for operation in state.operations.reversed()
        where state.operations.last(where: { $0.solution == operation.solution })?.sequence == operation.sequence {
            // One that cannot be read is told of with the history.
            guard var receipt = try? receipt(operation) else { continue }
            // What two solutions share is as the later deployment left it.
            for after in later {
                for name in after.connections.keys { receipt.expected.connections[name] = nil }
                for name in after.variables.keys { receipt.expected.variables[name] = nil }
                for id in after.flows.keys { receipt.expected.flows[id] = nil }
            }
            later.append(receipt.expected)
            found += state.differences(from: receipt).map { difference in
                EnvironmentFinding(
                    .problem, "\(difference), since operation \(operation.sequence) left it otherwise", advice)
            }
        }
        let solutions = state.solutions.values
        func strangers(_ what: String, _ there: some Sequence<String>, _ known: Set<String>) {
            for name in there.sorted() where !known.contains(name) {
                found.append(EnvironmentFinding(.problem, "\(what) \(name) is of no installed solution", advice))
            }
        }
        strangers("environment variable", state.variables.keys, Set(solutions.flatMap(\.variables)))
        strangers(
            "connection reference", state.connectionReferences.keys, Set(solutions.flatMap(\.connectionReferences)))
        strangers("flow", state.flows.keys, Set(solutions.flatMap(\.flows)))
        return found
    }

    /// What others know of and the history does not.
    func compared(_ state: EnvironmentState, _ known: [KnownDeployment]) -> [EnvironmentFinding] {
        known.compactMap { one in
            let there = state.operation(one.token)
            if let there, (there.solution, there.version, there.digest) == (one.solution, one.version, one.digest) {
                return nil
            }
            let what = "\(one.source) brought '\(one.solution)' \(one.version) here, sha256 \(Digest.short(one.digest))"
            let instead = there.map {
                "the history says '\($0.solution)' \($0.version), sha256 \(Digest.short($0.digest)), for the same operation"
            }
            return EnvironmentFinding(
                .problem, "\(what), and \(instead ?? "the history does not know of it")",
                "the environment was put back to an older state or changed: what is installed is not what the runs left"
            )
        }
    }

    // MARK: - Files

    func intent() throws -> UnfinishedOperation? {
        try Disk.read(intentFile).map { try decode(UnfinishedOperation.self, $0, intentFile) }
    }

    /// Whether there is something, even what cannot be read.
    func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether there is a folder, and no link to one.
    func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    func names(in folder: String) -> [String] {
        // A folder that is not there, or is none, holds nothing; what should be in it is then missing.
        (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []
    }

    func receiptNumbers() -> Set<Int> {
        Set(names(in: "history").compactMap { $0.hasSuffix(".json") ? Int($0.dropLast(5)) : nil })
    }
}
