public import Documents
public import Engine
import Environments
import OrderedCollections
public import Pipelines
import Solutions

/// Brings a package into an environment exactly once, and reads back what is there.
///
/// What people approved is compared with what would happen now; when they differ, nothing is done and the gates are
/// asked again.
public struct SolutionPromote: Stage {
    public struct Input: Decodable, Sendable {
        public var package: PackageReference
        public var settings: Value?
        public var mode: String?
    }

    public struct Output: Codable, Sendable, Hashable {
        public var action: String
        public var reason: String
        public var solution: String
        public var version: String
        public var from: String?
        public var digest: String
        public var receipt: Int
        public var changes: [String]
    }

    public static let description = StageDescription(
        kind: "solution.promote", effect: .once, environment: .changes,
        summary: "installs a solution package in an environment and reads back what is there",
        details: """
            Compares the package with the environment and picks what to do: *install* when the solution is not \
            there, *upgrade* for a newer managed version (what is gone from it is removed), *update* for a newer \
            unmanaged one, or when only settings differ, *nothing* when everything is as it should be. The reason is \
            in the plan, the log and the outputs. A lower version, the same version with another content (both \
            digests are shown) and managed over unmanaged or the reverse are refused. Going back to a lower version is \
            the work of `almrun rollback`, which passes the same gates; no manifest can ask for it.

            What would be applied, the settings or without them the environment's file, is judged as \
            `connections.rebind` judges it: a connection that is missing, of another connector or of another \
            environment, a variable without a value or with one that does not fit are refused before anybody is \
            asked. A binding that this package has no use for is none of its faults.

            The gates of the environment stand before this stage and show its plan: every value that would be set, \
            every flow that would be switched, what would be added and removed. If the environment changed since it \
            was approved, nothing is done and the gates are asked again. Secrets are written into the environment \
            and shown nowhere.

            The deployment happens once for a run: after a crash the environment is asked for the operation by its \
            token before anything is repeated. At the end everything is read back; a difference makes the stage \
            fail.
            """,
        inputs: [
            .init("package", .package, required: true, "the package, as `solution.pack` gives it"),
            .init(
                "settings", .any,
                "deployment settings, as `connections.rebind` gives them; the environment's file when absent"),
            .init(
                "mode", .choice(DeploymentOptions.Mode.allCases.map(\.rawValue)), default: "upgrade",
                "whether components that a newer managed version no longer has are removed (`upgrade`) or left (`update`)"
            ),
        ],
        outputs: [
            .init("action", .string, "install, update, upgrade, rollback or nothing"),
            .init("reason", .string, "why that action"),
            .init("solution", .string, "the solution's unique name"),
            .init("version", .string, "the version that is there now"),
            .init("from", .string, "the version that was there before"),
            .init("digest", .string, "SHA-256 of the package"),
            .init("receipt", .integer, "the number of the operation in the environment's history"),
            .init("changes", .list(.string), "the values and flows that were set"),
        ],
        example: """
            promote:
              uses: solution.promote
              environment: prod
              with:
                package: ${{ stages.pack.package }}
                settings: ${{ stages.rebind.settings }}
            """)

    public init() {}

    public func preview(_ input: Input, in context: StageContext) async throws -> Preview {
        let (plan, _, _) = try await prepare(input, context, makingKey: context.mayPrepareTarget)
        return try Self.preview(of: plan)
    }

    private static func preview(of plan: DeploymentPlan) throws -> Preview {
        Preview(
            package: plan.package, plan: plan.digest, target: plan.target, changesNothing: plan.action == .nothing,
            summary: plan.summary, changes: plan.lines, details: try ValueEncoder().encode(plan))
    }

    public func run(_ input: Input, in context: StageContext) async throws -> Output {
        let (plan, package, target) = try await prepare(input, context)
        if let done = try await translated({ try await target.outcome(of: OperationToken(context.token)) }) {
            return try await verified(done, target, context)
        }
        try compare(plan, with: context.approved, wasAsked: context.asksPeople)
        context.log(plan.summary)
        for line in plan.lines { context.log("  \(line)") }
        let receipt = try await translated {
            try await target.install(package, plan: plan, token: OperationToken(context.token), by: context.requester)
        }
        return try await verified(receipt, target, context)
    }

    public func recover(_ input: Input, in context: StageContext) async throws -> Recovery<Output> {
        let environment = try environment(context)
        // Who looks after a crash or a stop may find a folder that hangs.
        let target = try await blocking { try self.target(environment, context) }
        let receipt: DeploymentReceipt?
        do {
            receipt = try await target.outcome(of: OperationToken(context.token))
        } catch let error as EnvironmentError where error.kind != .busy {
            return .unknown(
                "the deployment of \(input.package.solution) \(input.package.version) to '\(environment.name)' was "
                    + "interrupted, and the environment cannot say whether it took effect (\(error.message)): look with "
                    + "`almrun environment \(shellWord(environment.name)) --history` for sha256 \(input.package.digest.prefix(12)), "
                    + "and in '\(target.path)' for operation \(context.token.prefix(12))")
        } catch {
            return try await translated { throw error }
        }
        guard let receipt else { return .notStarted }
        return .completed(try await verified(receipt, target, context))
    }

    private func environment(_ context: StageContext) throws(StageFailure) -> EnvironmentFile {
        guard let environment = context.environment else {
            throw StageFailure(.broken, "promote/no-environment", "step '\(context.step.id)' names no environment")
        }
        return environment
    }

    /// The environment, which says what it waits for and asks whether it may still go on before it is changed.
    private func target(
        _ environment: EnvironmentFile, _ context: StageContext
    ) throws(StageFailure) -> DirectoryEnvironment {
        var target = try EnvironmentTargets.directory(environment, root: context.root, secrets: context.secrets)
        target.whileBusy = { holder in
            let what = "waiting for \(holder ?? "another process"), which works in the folder of '\(environment.name)'"
            context.log(what)
            context.emit(.progress(what, nil))
        }
        target.confirm = context.confirm
        return target
    }

    private func prepare(
        _ input: Input, _ context: StageContext, makingKey: Bool = false
    ) async throws -> (DeploymentPlan, PackageContents, DirectoryEnvironment) {
        let environment = try environment(context)
        let target = try target(environment, context)
        let bytes = try context.objects.read(input.package.digest)
        let name = "\(input.package.solution).zip"
        let (package, contents) = try await translated {
            try await blocking {
                let package = try SolutionPackage(bytes: Array(bytes), file: name)
                return (PackageContents(package), package.contents)
            }
        }
        let given = try await translated { try input.settings.map { try DeploymentSettings($0) } }
        let (root, files, secrets) = (context.root, context.environments, context.secrets)
        _ = try await blocking {
            try Rebinding.preflight(
                contents, for: environment, among: files, settings: given, root: root, unused: .warning,
                secrets: secrets)
        }
        let settings = given.map { EnvironmentSettings($0) } ?? EnvironmentSettings(environment)
        let options = try Self.options(input, context)
        let flows = FlowSettings(environment)
        let plan = try await translated {
            try await target.plan(
                package, settings: settings, flows: flows, options: options, makingKey: makingKey)
        }
        return (plan, package, target)
    }

    /// Goes back to a lower version only where the plan itself says so: a manifest cannot, nor can an output of a stage.
    private static func options(_ input: Input, _ context: StageContext) throws(StageFailure) -> DeploymentOptions {
        guard input.mode == rollbackMode else {
            return DeploymentOptions(mode: input.mode.flatMap(DeploymentOptions.Mode.init(rawValue:)) ?? .upgrade)
        }
        guard case .map(let members) = context.step.input, members["mode"]?.literal?.string == rollbackMode else {
            throw StageFailure(
                .broken, "promote/not-a-rollback", "only `almrun rollback` may go back to a lower version",
                notes: ["'mode' of '\(context.step.id)' is '\(rollbackMode)', and the plan does not say so"])
        }
        return DeploymentOptions(mode: .upgrade, allowsDowngrade: true)
    }

    /// The value of `mode` that only the plan of a rollback has.
    public static let rollbackMode = RollbackPlan.mode

    /// Refuses to do what nobody has seen.
    private func compare(_ plan: DeploymentPlan, with approved: Preview?, wasAsked: Bool) throws {
        guard let approved else { return }
        if let package = approved.package, package != plan.package {
            throw StageFailure(
                .stale, "promote/other-package", "another package was approved",
                notes: ["approved: sha256 \(package)", "now: sha256 \(plan.package)"], changed: [.package])
        }
        let isOther = approved.plan.map { $0 != plan.digest } ?? false
        let isElsewhere = approved.target.map { $0 != plan.target } ?? false
        guard isOther || isElsewhere else { return }
        // The same words on both sides would tell nobody what changed.
        var notes =
            approved.summary == plan.summary
            ? [] : ["\(wasAsked ? "approved" : "planned"): \(approved.summary)", "now: \(plan.summary)"]
        notes += try Self.preview(of: plan).differences(from: approved)
        if isElsewhere {
            notes.append("the environment is not as it was: \(Self.change(approved.target, plan.target))")
        }
        if notes.isEmpty { notes = ["the plan is another one: \(Self.change(approved.plan, plan.digest))"] }
        throw StageFailure(
            .stale, "promote/stale",
            "what would happen is not what was \(wasAsked ? "approved" : "planned"): the environment or its settings "
                + "changed",
            notes: notes, changed: (isOther ? [.plan] : []) + (isElsewhere ? [.target] : []))
    }

    /// Two digests as people read them.
    private static func change(_ from: String?, _ to: String) -> String {
        "\(from?.prefix(12) ?? "none") then, \(to.prefix(12)) now"
    }

    private func verified(
        _ receipt: DeploymentReceipt, _ target: DirectoryEnvironment, _ context: StageContext
    ) async throws -> Output {
        let differences = try await translated { try await target.verify(receipt) }
        guard differences.isEmpty else {
            throw StageFailure(
                .rejected, "promote/read-back", "'\(receipt.solution)' is not there as it was deployed",
                notes: differences.map(\.description))
        }
        context.log("read back: '\(receipt.solution)' \(receipt.version) is as planned")
        return Output(
            action: receipt.deed, reason: receipt.reason, solution: receipt.solution,
            version: receipt.version,
            from: receipt.from, digest: receipt.digest, receipt: receipt.sequence,
            changes: receipt.changes.map(\.description))
    }

    /// Does something with an environment; its errors become failures of the stage.
    private func translated<T: Sendable>(_ work: () async throws -> T) async throws -> T {
        do {
            return try await work()
        } catch let error as EnvironmentError {
            throw StageFailure(error)
        } catch let rejected as Rejected {
            throw StageFailure(
                .broken, "promote/unreadable", rejected.diagnostics.first?.message ?? "the package cannot be read",
                findings: rejected.diagnostics.map { Finding($0) })
        }
    }
}
