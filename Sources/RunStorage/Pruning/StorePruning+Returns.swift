import Engine
import Pipelines

import struct Foundation.Date

/// What goes with runs that no gate asks for now, and that one would ask for before a package comes back.
extension StorePruning {
    /// How many versions are named in one line.
    private static let mostNamed = 5

    /// What nobody knows any more of packages that environments can go back to once some runs are gone, one line for each
    /// environment and each thing that its gates ask for.
    func lostReturns(without leaving: [PrunableRun], _ now: Date) async throws -> [String] {
        let asked = packages.returns.filter { $0.leavesOutCommitters || $0.evidence != nil }
        guard !asked.isEmpty, !leaving.isEmpty else { return [] }
        let gone = Set(leaving.map(\.number))
        let (going, touched) = try await runs(among: leaving, naming: Set(asked.map(\.digest)))
        guard !touched.isEmpty else { return [] }
        let others = try await store.prunableRuns().filter { !gone.contains($0.number) }
        let staying = try await runs(among: others, naming: touched).found
        var lost: [(text: String, place: String, consequence: String, versions: [String])] = []
        for one in asked where touched.contains(one.digest) {
            let after = PackageTrail(digest: one.digest, runs: staying)
            let before = PackageTrail(
                digest: one.digest, runs: (going + staying).sorted { $0.created > $1.created })
            func note(_ what: String, _ consequence: String) {
                let text = "\(what) \(one.solution)"
                let place = lost.firstIndex {
                    $0.text == text && $0.place == one.environment && $0.consequence == consequence
                }
                if let place {
                    lost[place].versions.append(one.version)
                } else {
                    lost.append((text, one.environment, consequence, [one.version]))
                }
            }
            if one.leavesOutCommitters, after.hasUnknownWriters, !before.hasUnknownWriters {
                note(
                    "who wrote",
                    "leave out committers, so that nobody may approve that then, and only a bypass opens them")
            }
            let names = before.names(shownOf: one, now).filter { !after.names(shownOf: one, now).contains($0) }
            if !names.isEmpty {
                let quoted = names.map { "'\($0)'" }.joined(separator: " and ")
                note("what showed \(quoted) of", "ask for that, and only a bypass opens them then")
            }
        }
        return lost.map { one in
            let rest = one.versions.count - Self.mostNamed
            let shown = one.versions.prefix(Self.mostNamed).joined(separator: ", ")
            return
                "\(one.text) \(shown)\(rest > 0 ? " and \(rest) more" : ""), which '\(one.place)' can go back to: its "
                + "gates \(one.consequence)"
        }
    }

    /// Those of some runs whose events name any of these packages and can be read, and which of the packages they name.
    private func runs(
        among runs: [PrunableRun], naming wanted: Set<String>
    ) async throws -> (found: [RunState], named: Set<String>) {
        var found: [RunState] = []
        var named: Set<String> = []
        for run in runs {
            let told = try await store.digests(wanted, namedBy: run.number)
            guard !told.isEmpty,
                let state = try await RunState.loadUndamaged(run.run, from: store, objects: objects, { _, _ in })
            else { continue }
            named.formUnion(told)
            found.append(state)
        }
        return (found, named)
    }
}

extension PackageTrail {
    /// Whether nobody knows who wrote the package, so that a gate which leaves them out counts nobody's approval.
    fileprivate var hasUnknownWriters: Bool {
        let known = request(by: "", version: "")
        return known.people.committers.isEmpty && (known.commit == nil || known.people.committersDoubt != nil)
    }

    /// What the runs show, of all that is asked of a package, and that is not too old.
    fileprivate func names(shownOf package: PackageReturn, _ now: Date) -> [String] {
        guard let policy = package.evidence else { return [] }
        let shown = evidence(asked: policy.stages, for: package.environment).filter { one in
            policy.notOlderThan.map { now <= one.time.addingTimeInterval($0) } ?? true
        }
        return policy.stages.filter { name in shown.contains { $0.answers(name) } }
    }
}
