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
        let going = try await runs(among: leaving, naming: Set(asked.map(\.digest)))
        guard !going.isEmpty else { return [] }
        let others = try await store.prunableRuns().filter { !gone.contains($0.number) }
        let staying = try await runs(among: others, naming: Set(going.keys))
        var notes: [(place: Int, what: String, consequence: String)] = []
        var trails: (digest: String, before: PackageTrail, after: PackageTrail)?
        // Those of one package after another: what one knows of is not kept for the next.
        for (place, one) in asked.enumerated().sorted(by: { $0.element.digest < $1.element.digest }) {
            guard let leaves = going[one.digest] else { continue }
            if trails?.digest != one.digest {
                let left = try await read(staying[one.digest] ?? [])
                let all = try await read(leaves) + left
                trails = (
                    one.digest,
                    PackageTrail(digest: one.digest, runs: all.sorted { $0.created > $1.created }),
                    PackageTrail(digest: one.digest, runs: left)
                )
            }
            guard let (_, before, after) = trails else { continue }
            if one.leavesOutCommitters, after.hasUnknownWriters, !before.hasUnknownWriters {
                let consequence =
                    "leave out committers, so that nobody may approve that then, and only a bypass opens them"
                notes.append((place, "who wrote", consequence))
            }
            let stay = after.names(shownOf: one, now)
            let names = before.names(shownOf: one, now).filter { !stay.contains($0) }
            if !names.isEmpty {
                let quoted = names.map { "'\($0)'" }.joined(separator: " and ")
                notes.append((place, "what showed \(quoted) of", "ask for that, and only a bypass opens them then"))
            }
        }
        return Self.lines(notes.sorted { $0.place < $1.place }.map { (asked[$0.place], $0.what, $0.consequence) })
    }

    /// One line for all versions of which the same is lost in one environment.
    private static func lines(_ notes: [(package: PackageReturn, what: String, consequence: String)]) -> [String] {
        var lost: [(text: String, place: String, consequence: String, versions: [String])] = []
        for (package, what, consequence) in notes {
            let text = "\(what) \(package.solution)"
            let same = lost.firstIndex {
                $0.text == text && $0.place == package.environment && $0.consequence == consequence
            }
            if let same {
                lost[same].versions.append(package.version)
            } else {
                lost.append((text, package.environment, consequence, [package.version]))
            }
        }
        return lost.map { one in
            let rest = one.versions.count - mostNamed
            let shown = one.versions.prefix(mostNamed).joined(separator: ", ")
            return
                "\(one.text) \(shown)\(rest > 0 ? " and \(rest) more" : ""), which '\(one.place)' can go back to: its "
                + "gates \(one.consequence)"
        }
    }

    /// By package that the events of some runs name: these runs.
    private func runs(among runs: [PrunableRun], naming wanted: Set<String>) async throws -> [String: [PrunableRun]] {
        var found: [String: [PrunableRun]] = [:]
        for run in runs {
            for digest in try await store.digests(wanted, namedBy: run.number) {
                found[digest, default: []].append(run)
            }
        }
        return found
    }

    /// Those of some runs that can be read.
    private func read(_ runs: [PrunableRun]) async throws -> [RunState] {
        var found: [RunState] = []
        for run in runs {
            if let state = try await RunState.loadUndamaged(run.run, from: store, objects: objects, { _, _ in }) {
                found.append(state)
            }
        }
        return found
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
