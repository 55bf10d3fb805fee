import Documents
import Pipelines

/// What a child does to find earlier results; it changes nothing of the run.
struct LookWork: Sendable {
    let looks: [Look]
    let steps: [Step]
    let executor: any StageExecutor
    let runner: Runner

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
            } else {
                found[place].refusal = results.refused[digest]
            }
        }
        return found
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
