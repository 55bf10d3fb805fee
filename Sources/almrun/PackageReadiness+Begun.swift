import Documents
import Engine
import Environments
import Foundation
import Git
import Pipelines
import Stages

extension Workspace {
    /// The commit at which the repository is; nil where there is none.
    var headCommit: String? { try? GitRepository(at: root).head().id.description }

    /// Why a new run of a pipeline may make another package than a known one of the same version; nil where it would be given that,
    /// and where nothing speaks for it.
    func otherContent(by starter: PipelineStarter, than package: KnownPackage, _ trail: PackageTrail) -> String? {
        guard !starter.arguments.contains(package.digest) else { return nil }
        let makers = trail.origins.filter { !$0.madePackages.isEmpty }
        guard !makers.isEmpty else {
            return
                "no run has made this package, and the new one makes its own of the sources: it may have another content"
        }
        // Of one maker nothing has changed: that content is made again.
        let changes = makers.map { maker in changedSources(of: package, madeBy: maker) }
        guard changes.allSatisfy({ $0 != nil }), let (path, commit) = changes.first ?? nil else { return nil }
        return
            "'\(path)' has changed since commit \(commit.prefix(12)), at which the package was made: a new run makes another content, "
            + "which needs a version of its own"
    }

    /// One of the files of which a run made a package and that have changed since; nil where none has, and where that is not known.
    private func changedSources(of package: KnownPackage, madeBy run: RunState) -> (path: String, commit: String)? {
        // What was in no commit then cannot be compared.
        guard run.people.uncommitted == 0, let folder = run.folder(ofPackage: package.digest), let commit = run.commit,
            let made = CommitID(hex: commit), let repository = try? GitRepository(at: root),
            let head = try? repository.head().id, repository.hasCommit(made),
            let committed = try? repository.paths(changedFrom: made, to: head),
            let loose = try? repository.uncommitted().map(\.path)
        else { return nil }
        let path = (committed + loose).first { $0 == folder || $0.hasPrefix("\(folder)/") }
        return path.map { ($0, commit) }
    }

    /// The run that was begun as a new one by a pipeline would be, and has made another content of a package's version; nil where
    /// none of the newest has.
    func makerOfAnother(
        by starter: PipelineStarter, than package: KnownPackage, _ trail: PackageTrail
    ) async throws -> RunID? {
        guard let store = try existingStore(), !starter.arguments.contains(package.digest), let head = headCommit
        else { return nil }
        if trail.origins.contains(where: { $0.commit == head && $0.plan.isMadeAs(starter.plan) }) { return nil }
        for summary in try await store.runs(matching: RunFilter(pipeline: starter.pipeline, limit: 10)) {
            let read = try await RunState.loadUndamaged(summary.run, from: store, objects: objects) { _, _ in }
            // What was in no commit then need not be there any more.
            guard let run = read, run.commit == head, run.people.uncommitted == 0, run.plan.isMadeAs(starter.plan)
            else { continue }
            let made = run.madePackages.filter { $0.solution == package.solution && $0.version == package.version }
            if made.contains(where: { $0.digest != package.digest }) { return run.run }
        }
        return nil
    }

    /// The run that a pipeline would make now for who asks here, as its gates before an environment would find it when they
    /// ask; nil where nobody knows who asks, or git does not say who wrote what is released.
    ///
    /// - Parameter deployment: What it would do there.
    func begun(
        by starter: PipelineStarter, bringing package: KnownPackage, as deployment: DeploymentPlan?, to name: String,
        now: Date
    ) async -> RunState? {
        guard var request = try? await request(for: starter.plan) else { return nil }
        if starter.plan.packageMakers.isEmpty {
            guard let makers = try? await makers(ofGiven: [package.digest], to: starter.plan) else { return nil }
            request.people.add(makers: makers)
        }
        let creation = RunCreation(
            run: "RUN", plan: starter.plan, requester: request.requester, people: request.people,
            commit: request.commit)
        let event = RunEvent(sequence: 1, time: now, previous: "", kind: .created(creation))
        guard var state = try? RunState(LedgerLine(event)) else { return nil }
        // Whom a gate leaves out hangs on the package, and on whether it is the first one there.
        let preview = Preview(
            package: package.digest, summary: deployment?.summary ?? "",
            details: deployment.flatMap { try? ValueEncoder().encode($0) } ?? .null)
        for gate in starter.plan.steps where gate.environment == name && gate.work == .gate(.preview) {
            guard let output = try? ValueEncoder().encode(preview) else { continue }
            _ = try? state.add(
                .ended(gate.id, attempt: 0, .succeeded(output: output, object: nil, inputDigest: nil)), now: now)
        }
        guard let store = try? existingStore() else { return state }
        return (try? await informed(state, in: store)) ?? state
    }
}
