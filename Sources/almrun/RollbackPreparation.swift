import Documents
import Engine
import Environments
import Foundation
import Git
import OrderedCollections
import Pipelines
import Stages

/// A rollback as it is found before anything is done: the package, its file, the plan, and what is known of it.
struct RollbackPreparation: Sendable {
    let workspace: Workspace
    let choice: RollbackChoice
    let package: KnownPackage
    let plan: Plan
    private let bytes: Data
    private let finder: PackageFinder
    private let trail: PackageTrail
    private let environment: String
    private let surroundings: Planner.Surroundings

    /// Throws a ``Refusal`` where there is nothing to go back to; nothing is changed here.
    init(
        _ environment: String, solution: String?, version: String?, reason: String?, in workspace: Workspace
    ) async throws {
        guard workspace.planner.environmentNames.contains(environment) else {
            throw workspace.unknownEnvironment(environment)
        }
        self.workspace = workspace
        self.environment = environment
        surroundings = try await workspace.surroundings(of: environment)
        finder = try await PackageFinder(
            environments: surroundings.files, root: workspace.root, objects: workspace.objects,
            store: try workspace.existingStore())
        guard let state = finder.environments[environment] else {
            throw Refusal(
                "rollback/unreachable", "environment '\(environment)' cannot be reached by this version",
                notes: ["only targets of kind 'directory' can"])
        }
        choice = try RollbackChoice(in: state, environment: environment, solution: solution, version: version)
        let target = choice.target
        guard let bytes = try await finder.bytes(of: target.digest) else {
            throw Refusal(
                "rollback/package-gone",
                "the package of \(target.solution) \(target.version) is gone: sha256 \(target.digest)",
                notes: ["it is neither in .almrun/objects nor kept by an environment; put a copy back, or promote anew"]
            )
        }
        self.bytes = bytes
        package = try await finder.complete(
            KnownPackage(digest: target.digest, solution: target.solution, version: target.version))
        trail = try await workspace.trail(of: target.digest, finder: finder)
        let passedOver = await workspace.passedOver(choice, in: state)
        plan = try workspace.planner.plan(
            RollbackPlan(
                environment: environment,
                package: PackageReference(
                    digest: target.digest, solution: target.solution, version: target.version,
                    managed: package.contents?.isManaged ?? choice.installed.isManaged, size: bytes.count),
                from: choice.installed.version, reason: reason, passedOver: passedOver,
                // Where git cannot say, the files count as loose, which each gate names.
                gatesCommit: try? GitRepository(at: workspace.root).head().id.description))
    }

    /// Puts the package where stages look for it.
    func keepPackage() throws { try workspace.objects.put(bytes) }

    /// Who asks, with what earlier runs have shown of the package and who wrote it.
    func request() throws -> RunRequest {
        // Of who wrote the package, and not who wrote what is here now; nobody when that is no longer known.
        let environment = surroundings.environment
        var request = trail.request(
            by: try workspace.person().email, version: Version.current, asked: environment.gates.evidence?.stages ?? [],
            for: environment.name)
        // Its gates are those of the files that are here now.
        do {
            request.people.looseManifests = try workspace.looseManifests(of: plan) + request.people.looseFiles
        } catch let error as GitError {
            if error.kind == .notARepository || error.kind == .noCommit { return request }
            // To go back must not hang on it; who decides is told, as if they were in none.
            let files = plan.sources.map(\.file)
            request.people.looseManifests = files + request.people.looseFiles
            Console.error(
                "note: git does not say which files are in no commit: \(error); \(LooseFiles.names(files)) count as such"
            )
        }
        return request
    }

    /// Where a run comes no further by itself.
    struct Stop {
        /// Lower case, no full stop.
        let text: String
        /// What takes it on; nil where nothing does.
        let command: String?
    }

    /// How the run would go on that comes to a gate for which there is no evidence, or none young enough; nil where there is.
    private func waysPastEvidence(_ state: RunState, _ now: Date) -> Stop? {
        guard let policy = surroundings.environment.gates.evidence,
            let gate = plan.steps.first(where: { if case .gate(.evidence) = $0.work { true } else { false } }),
            // What the gate asks about is not known before the run has come to it.
            !EvidenceStanding(policy, package: package.digest, for: environment, in: state, now: now).isMet
        else { return nil }
        let ways = state.bypassCommand(ofFailed: gate)
        let who = ways.map { ": \($0)" } ?? ", and nobody may"
        return Stop(
            text: "the run fails at '\(gate.id)', which only a bypass opens\(who)",
            command: ways == nil ? nil : state.bypassCommand(at: gate))
    }

    /// That a gate would ask people of whom too few are left; nil where enough may approve.
    private func impasse(_ state: RunState) -> Stop? {
        plan.steps.lazy.compactMap { gate in
            state.impasse(before: gate).map { impasse in
                Stop(text: "the run waits at '\(gate.id)' for good: \(impasse.line)", command: impasse.command)
            }
        }.first
    }

    /// The run as it would begin; nil where nobody knows who asks.
    var begun: RunState? {
        guard let request = try? request() else { return nil }
        let creation = RunCreation(
            run: "RUN", plan: plan, requester: request.requester, people: request.people, commit: request.commit,
            evidence: request.evidence)
        let event = RunEvent(sequence: 1, time: Date(), previous: "", kind: .created(creation))
        return try? RunState(LedgerLine(event))
    }

    /// Where a run that begins so comes no further by itself: it fails for want of evidence, or too few people are left who
    /// may approve.
    func stops(of begun: RunState?, now: Date) -> [Stop] {
        guard let begun else { return [] }
        return [waysPastEvidence(begun, now), impasse(begun)].compactMap(\.self)
    }

    /// The rollbacks of the environment that began earlier and are not over; those to the same package first.
    func earlier(now: Date) async throws -> [EarlierRollback] {
        try await workspace.earlierRollbacks(in: environment, to: package.digest, now: now)
    }

    /// What would be done, and which gates stand before it.
    func preview(now: Date) async throws -> RollbackPreview {
        let begun = self.begun
        let stops = stops(of: begun, now: now)
        var readiness = try await workspace.readiness(
            of: package, in: environment, finder: finder, rollback: plan, among: surroundings.files,
            roles: plan.roles, requester: try? workspace.person().email, isNew: true,
            begun: begun, now: now)
        let earlier = try await earlier(now: now)
        readiness.notes += earlier.map(\.text)
        let refusal = workspace.doubtAboutKeys(of: plan)
        // The dry run names what takes a run on that does not go on by itself.
        if refusal == nil, readiness.standing != .never, !stops.isEmpty {
            let commands = stops.compactMap(\.command).filter { $0 != plan.startCommand }
            readiness.commands = [plan.startCommand] + commands
        }
        return RollbackPreview(
            environment: environment, from: choice.installed, to: choice.target, plan: plan, readiness: readiness,
            stops: stops.map(\.text), refusal: refusal,
            open: earlier.first(where: \.isSame)?.run.run)
    }
}

extension Workspace {
    /// The versions that a rollback leaves out though they are nearer, each with why; nil where there are none.
    fileprivate func passedOver(_ choice: RollbackChoice, in state: EnvironmentState) async -> String? {
        var texts: [String] = []
        let most = 3
        for stay in choice.passedOver.prefix(most) {
            guard let back = state.rollback(of: stay.digest) else {
                texts.append("\(stay.version) is passed over, as \(choice.target.version) was there after it")
                continue
            }
            let run = await rollbackRun(of: back.token, at: back.at, in: try? existingStore())
            let reason = run?.plan.rollbackReason.map { ": \($0)" } ?? ""
            let by = run.map { "run \($0.run)\(reason)" } ?? "\(back.by), \(Timestamp.text(of: back.at))"
            texts.append("\(stay.version) is passed over, as it was rolled back to \(back.version) by \(by)")
        }
        let rest = choice.passedOver.count - most
        if rest > 0 { texts.append("and \(rest) more that were there before") }
        return texts.isEmpty ? nil : texts.joined(separator: "; ")
    }

    /// An environment that is to go back, and those around it that can be read; it is told of the others, unless its gates
    /// ask about them.
    fileprivate func surroundings(of name: String) async throws -> Planner.Surroundings {
        var found = try planner.surroundings(of: name)
        for problem in found.problems { Console.error("warning: \(problem.description); not needed for this rollback") }
        var files: [EnvironmentFile] = []
        for file in found.files {
            if !found.needed.contains(file.name), case .directory = file.target {
                do {
                    _ = try await EnvironmentTargets.directory(file, root: root).state()
                } catch let error as EnvironmentError {
                    Console.error("warning: environment '\(file.name)' is left out, as it cannot be read: \(error)")
                    continue
                } catch let failure as StageFailure {
                    Console.error("warning: environment '\(file.name)' is left out: \(failure.message)")
                    continue
                }
            }
            files.append(file)
        }
        found.files = files
        return found
    }
}
