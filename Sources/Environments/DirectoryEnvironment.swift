public import FoundationEssentials

/// An environment in a folder that behaves like a real one: readable JSON beside the packages that were installed.
///
/// `environment.json` is the whole state and is replaced in one step, so a crash leaves the state before an operation
/// or after it. `packages/` keeps packages by digest, `history/` a receipt for each operation and a copy of the state,
/// `intent.json` the operation under way.
public struct DirectoryEnvironment: DeploymentTarget {
    /// Absolute path of the folder; made by the first installation.
    public let path: String
    /// How long to wait for another process.
    public var patience: Duration
    /// Told once when an installation or reading back has to wait for another process, with that process where it is known.
    public var whileBusy: @Sendable (_ holder: String?) -> Void = { _ in }
    /// Asked with the folder locked, before an installation changes anything there: throws when it may not go on.
    public var confirm: @Sendable () async throws -> Void = {}
    let reveal: @Sendable (String) throws -> String
    private let now: @Sendable () -> Date
    let disk: Disk

    /// An environment in a folder; `reveal` puts the values of secrets in place of `${{ secrets.NAME }}`.
    public init(
        path: String, patience: Duration = .seconds(30), now: @escaping @Sendable () -> Date = { Date() },
        reveal: @escaping @Sendable (String) throws -> String = { $0 }
    ) {
        self.init(path: path, patience: patience, now: now, disk: Disk(), reveal: reveal)
    }

    init(
        path: String, patience: Duration = .seconds(30), now: @escaping @Sendable () -> Date = { Date() }, disk: Disk,
        reveal: @escaping @Sendable (String) throws -> String = { $0 }
    ) {
        self.path = path
        self.patience = patience
        self.now = now
        self.disk = disk
        self.reveal = reveal
    }

    var stateFile: String { "\(path)/environment.json" }
    var intentFile: String { "\(path)/intent.json" }
    func packageFile(_ digest: String) -> String { "\(path)/packages/\(digest).zip" }
    func receiptFile(_ sequence: Int) -> String {
        let digits = String(sequence)
        return "\(path)/history/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".json"
    }

    // MARK: - Reading

    /// Everything the environment holds now.
    public func state() async throws -> EnvironmentState {
        try await blocking { try load() }
    }

    public func installed(_ solution: String) async throws -> InstalledSolution? {
        try await state().solutions[solution]
    }

    /// Changes exactly when the part of the environment changes that a deployment of the package touches.
    public func fingerprint(for package: PackageContents) async throws -> String {
        let state = try await state()
        return try Footprint(of: package, in: state).fingerprint(in: state)
    }

    public func plan(
        _ package: PackageContents, settings: EnvironmentSettings = .init(), flows: FlowSettings = .init(),
        options: DeploymentOptions = .init()
    ) async throws -> DeploymentPlan {
        try await plan(package, settings: settings, flows: flows, options: options, makingKey: false)
    }

    public func outcome(of token: OperationToken) async throws -> DeploymentReceipt? {
        try await blocking {
            guard let receipt = try outcome(of: token, in: load()) else { return nil }
            // Who wrote it may have died before its name was on the disk.
            try disk.syncFolder(path)
            return receipt
        }
    }

    /// Every operation that took effect, oldest first.
    public func history() async throws -> [DeploymentReceipt] {
        try await blocking {
            let state = try load()
            return try state.operations.map { try receipt($0) }
        }
    }

    public func verifiedDeployment(of digest: String) async throws -> VerifiedDeployment? {
        try await state().verifiedDeployment(of: digest)
    }

    public func lastVerified(_ solution: String) async throws -> VerifiedDeployment? {
        try await state().verifiedDeployments(of: solution).first
    }

    /// The bytes of a package that was installed here, checked against its digest; nil when there is none.
    public func package(_ digest: String) async throws -> Data? {
        try await blocking { try packageNow(digest) }
    }

    /// The same at once, on the thread that asks.
    public func packageNow(_ digest: String) throws -> Data? {
        guard digest.utf8.count == 64,
            digest.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }),
            let content = try Disk.read(packageFile(digest))
        else { return nil }
        guard Digest.of(content) == digest else {
            throw EnvironmentError(
                .damaged, "environment/damaged",
                "the package '\(packageFile(digest))' has another content than its name says")
        }
        return content
    }

    /// What is not as the last operation on a solution left it; empty when all is well or nothing was ever installed.
    public func drift(of solution: String) async throws -> [Difference] {
        try await blocking {
            let state = try load()
            guard let last = state.operations.last(where: { $0.solution == solution }) else { return [] }
            return try state.differences(from: receipt(last))
        }
    }

    /// The installation under way, or the one that a crash cut off; nil when there is none.
    public func unfinished() async throws -> UnfinishedOperation? {
        try await blocking {
            guard let content = try Disk.read(intentFile) else { return nil }
            let intent = try decode(UnfinishedOperation.self, content, intentFile)
            return try load().operation(intent.token) == nil ? intent : nil
        }
    }

    // MARK: - Writing

    public func install(
        _ package: PackageContents, plan: DeploymentPlan, token: OperationToken, by requester: String
    ) async throws -> DeploymentReceipt {
        guard !token.rawValue.isEmpty else {
            throw EnvironmentError(.refused, "environment/token", "an operation needs a token that is not empty")
        }
        try await blocking {
            try disk.makeFolder(path)
            // Whoever made it may have died before its name was on the disk.
            try disk.syncFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        }
        let lock = try await locked()
        defer { _ = lock }
        // Much may have happened while it waited.
        try await confirm()
        return try await blocking { try installNow(package, plan, token, requester) }
    }

    public func verify(_ receipt: DeploymentReceipt) async throws -> [Difference] {
        guard try await blocking({ try Disk.read(stateFile) }) != nil else {
            return [Difference(subject: "environment '\(path)'", expected: "present", found: "missing")]
        }
        let lock = try await locked()
        defer { _ = lock }
        return try await blocking { try verifyNow(receipt) }
    }

    func locked() async throws -> EnvironmentLock {
        try await EnvironmentLock(path: "\(path)/lock", patience: patience, waiting: whileBusy)
    }

    private func installNow(
        _ package: PackageContents, _ plan: DeploymentPlan, _ token: OperationToken, _ requester: String
    ) throws -> DeploymentReceipt {
        for folder in ["\(path)/packages", "\(path)/history"] { try disk.makeFolder(folder) }
        var state = try load()
        if let done = try outcome(of: token, in: state) {
            guard done.digest == package.digest else {
                throw EnvironmentError(
                    .refused, "environment/token-used", "operation '\(token)' installed another package here",
                    notes: ["installed: sha256 \(done.digest)", "offered: sha256 \(package.digest)"])
            }
            try disk.remove(intentFile)
            return done
        }
        try check(package, plan, state)
        if state.key.isEmpty { state.key = Self.newKey() }
        let number = state.operations.count + 1
        if isThere(receiptFile(number)) {
            // Of an installation that was cut off: beside the intent of another one the state would look older than it.
            try disk.remove(receiptFile(number))
            try disk.syncFolder("\(path)/history")
        }
        let time = StateCoding.rounded(now())
        let intent = UnfinishedOperation(
            token: token, solution: package.solution, version: package.version, digest: package.digest, by: requester,
            at: time)
        try disk.replace(intentFile, with: StateCoding.readable(intent))
        if try Disk.read(packageFile(package.digest)).map({ Digest.of($0) }) != package.digest {
            try disk.replace(packageFile(package.digest), with: package.bytes)
        } else {
            // Who wrote it may have died before its name was on the disk.
            try disk.syncFolder("\(path)/packages")
        }
        var (next, expected) = try state.applying(plan, package, at: time, reveal: reveal)
        let receipt = DeploymentReceipt(
            sequence: number, token: token, solution: package.solution, version: package.version,
            isManaged: package.isManaged, digest: package.digest, action: plan.action, reason: plan.reason,
            from: plan.from, by: requester, at: time, plan: plan.digest, changes: plan.changes, removed: plan.removed,
            expected: expected)
        next.operations.append(
            .init(
                sequence: receipt.sequence, token: token, solution: package.solution, version: package.version,
                digest: package.digest, action: plan.action, by: requester, at: time, result: .done, readBack: nil))
        // The receipt counts only once the state names its number: the next line is the moment of the effect.
        try disk.replace(receiptFile(receipt.sequence), with: StateCoding.readable(receipt))
        try publish(next)
        try disk.remove(intentFile)
        return receipt
    }

    private func check(_ package: PackageContents, _ plan: DeploymentPlan, _ state: EnvironmentState) throws {
        guard Digest.of(package.bytes) == package.digest else {
            throw EnvironmentError(
                .refused, "environment/package-damaged",
                "the package of '\(package.solution)' has another content than its digest says")
        }
        guard plan.package == package.digest, plan.solution == package.solution else {
            throw EnvironmentError(
                .stale, "environment/stale-package", "the plan is for another package",
                notes: ["planned: sha256 \(plan.package)", "offered: sha256 \(package.digest)"])
        }
        guard try plan.sealed().digest == plan.digest else {
            throw EnvironmentError(.refused, "environment/plan-changed", "the plan was changed after it was made")
        }
        let fingerprint = try Footprint(of: package, in: state).fingerprint(in: state)
        guard fingerprint == plan.target else {
            let there = state.solutions[package.solution].map { "'\(package.solution)' \($0.version) is installed now" }
            throw EnvironmentError(
                .stale, "environment/stale", "the environment changed after the plan was made",
                notes: [there ?? "'\(package.solution)' is not installed now", "plan again"])
        }
    }

    private func verifyNow(_ receipt: DeploymentReceipt) throws -> [Difference] {
        var state = try load()
        var found = state.differences(from: receipt)
        if let content = try Disk.read(packageFile(receipt.digest)) {
            let there = Digest.of(content)
            if there != receipt.digest {
                found.append(
                    Difference(subject: "stored package of \(receipt.solution)", expected: receipt.digest, found: there)
                )
            }
        } else {
            found.append(
                Difference(subject: "stored package of \(receipt.solution)", expected: receipt.digest, found: "missing")
            )
        }
        guard let index = state.operations.lastIndex(where: { $0.token == receipt.token }) else {
            return found + [Difference(subject: "operation \(receipt.token)", expected: "recorded", found: "missing")]
        }
        // A crash may have come between the effect and the end of its intent.
        if let content = try Disk.read(intentFile),
            try decode(UnfinishedOperation.self, content, intentFile).token == receipt.token
        {
            try disk.remove(intentFile)
        }
        // Another package has taken its place since: what is there now says nothing about this operation.
        let isReplaced = state.operations[(index + 1)...].contains { $0.solution == receipt.solution }
        guard !isReplaced else { return [] }
        let result: EnvironmentState.Operation.Result = found.isEmpty ? .verified : .differs
        if state.operations[index].result != result {
            state.operations[index].result = result
            state.operations[index].readBack = StateCoding.rounded(now())
            try publish(state)
        }
        return found
    }

    // MARK: - Files

    /// The state, which no receipt is newer than.
    func load() throws -> EnvironmentState {
        var state: EnvironmentState?
        var found: String?
        // Between two looks an installation may have come to its end, though hardly more than once.
        for _ in 0..<4 {
            state = try readState()
            found = objection(to: state ?? EnvironmentState(key: ""))
            guard found != nil else { return state ?? EnvironmentState(key: "") }
        }
        throw EnvironmentError(
            .damaged, "environment/damaged", words(for: found ?? "", to: state),
            notes: [consequence(wholeCopy(), state)])
    }

    func words(for objection: String, to state: EnvironmentState?) -> String {
        let end = state.map {
            $0.operations.isEmpty ? "has no operation" : "ends with operation \($0.operations.count)"
        }
        return "'\(stateFile)' \(end ?? "is missing"), and \(objection)"
    }

    /// The state as the file has it; nil where there is none.
    func readState() throws -> EnvironmentState? {
        do {
            guard let content = try Disk.read(stateFile) else { return nil }
            struct Format: Decodable { var format: Int }
            let format = try decode(Format.self, content, stateFile).format
            guard format == EnvironmentState.currentFormat else {
                throw EnvironmentError(
                    .damaged, "environment/format",
                    "'\(stateFile)' has format \(format), which this almrun does not know",
                    notes: ["use the almrun that wrote it"])
            }
            return try decode(EnvironmentState.self, content, stateFile)
        } catch var error as EnvironmentError where error.code == "environment/damaged" {
            error.notes.append(consequence(wholeCopy(), nil))
            throw error
        }
    }

    private func outcome(of token: OperationToken, in state: EnvironmentState) throws -> DeploymentReceipt? {
        try state.operation(token).map { try receipt($0) }
    }

    func receipt(_ operation: EnvironmentState.Operation) throws -> DeploymentReceipt {
        let file = receiptFile(operation.sequence)
        guard let content = try Disk.read(file) else {
            throw EnvironmentError(.damaged, "environment/damaged", "the receipt '\(file)' is missing")
        }
        let receipt = try decode(DeploymentReceipt.self, content, file)
        guard receipt.token == operation.token, receipt.digest == operation.digest else {
            throw EnvironmentError(
                .damaged, "environment/damaged", "the receipt '\(file)' belongs to another operation")
        }
        return receipt
    }

    func decode<T: Decodable>(_ type: T.Type, _ content: Data, _ file: String) throws -> T {
        do {
            return try StateCoding.decode(type, from: content)
        } catch let error as DecodingError {
            throw EnvironmentError(
                .damaged, "environment/damaged", "'\(file)' is not as almrun writes it: \(Self.words(error))")
        }
    }

    private static func words(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "'\(place(context, key))' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): "'\(place(context))' has another type"
        case .dataCorrupted(let context): context.codingPath.isEmpty ? "no JSON" : "'\(place(context))' is damaged"
        @unknown default: "it cannot be read"
        }
    }

    private static func place(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
        (context.codingPath + (last.map { [$0] } ?? [])).map { $0.intValue.map(String.init) ?? $0.stringValue }
            .joined(separator: ".")
    }

    static func newKey() -> String {
        (0..<4).map { _ in
            let text = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }
}
