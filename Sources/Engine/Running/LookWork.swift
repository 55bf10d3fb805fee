import Documents
import Pipelines

/// What a child does to find earlier results; it changes nothing of the run.
struct LookWork: Sendable {
    let looks: [Look]
    let steps: [Step]
    let executor: any StageExecutor
    let runner: Runner
    /// The commit of the run.
    let commit: String?
    /// Whether what its packages are made of has to be in that commit.
    let comparesFiles: Bool

    /// The same looks, in the same order, with what was found.
    func look() async -> [Look] {
        var found = looks
        for (place, step) in steps.enumerated() {
            found[place].inputDigest = await executor.inputDigest(of: step, input: looks[place].input)
        }
        let digests = found.compactMap(\.inputDigest)
        guard !digests.isEmpty else { return found }
        // A store that cannot be asked now makes steps run that need not; writing them down will tell of it.
        let results = (try? await runner.store.results(for: digests)) ?? EarlierResults()
        for place in found.indices {
            guard let digest = found[place].inputDigest else { continue }
            if let result = results[digest] {
                found[place].earlier = await whole(result)
                if let objection = await objection(to: found[place].earlier) {
                    found[place].earlier = nil
                    found[place].refusal = objection
                }
            } else {
                found[place].refusal = results.refused[digest]
            }
        }
        return found
    }

    /// Why a package of another run cannot stand in where gates are about what is in a commit.
    private func objection(to result: ReusedResult?) async -> String? {
        guard comparesFiles, let result, result.output["package"]?["digest"] != nil else { return nil }
        guard let maker = try? await RunState.load(result.run, from: runner.store) else {
            return "the package of run '\(result.run)' is not used: who made it is not known"
        }
        let doubt = "the package of run '\(result.run)' is not used:"
        guard maker.people.uncommitted == 0 else { return "\(doubt) changes that are in no commit went into it" }
        // Only then it is made of the files of this commit, whatever is in the work tree.
        guard maker.comparesFiles else { return "\(doubt) nobody looked whether a commit has what is in it" }
        guard maker.commit == commit else { return "\(doubt) it was made of another commit" }
        return nil
    }

    /// The result with its output, when everything that it refers to is still there.
    private func whole(_ result: ReusedResult) async -> ReusedResult? {
        var result = result
        if let object = result.object {
            runner.objects?.touch(object)
            // An object that is gone or damaged is made again.
            guard let content = try? runner.objects?.read(object),
                let output = try? Value(json: String(decoding: content, as: UTF8.self))
            else { return nil }
            result.output = output
        }
        return await executor.isAvailable(result.output) ? result : nil
    }
}
