import Documents
import Pipelines
import Testing

@Suite("a delay that is written is waited")
struct RetryDelayTests {
    private func repository(_ retry: String) -> Repository {
        Repository("stages: { a: { uses: noop, retry: { attempts: 3, \(retry) } } }")
    }

    @Test(
        "what no delay exceeds by default does not cut a longer one",
        arguments: [("delay: 30m", 1800.0, 1800.0), ("delay: 5s", 5, 300), ("delay: 30m, longest: 1h", 1800, 3600)])
    func raised(_ text: String, _ delay: Double, _ longest: Double) throws {
        let retry = try #require(try repository(text).plan()["a"]?.retry)
        #expect(retry.delay == delay)
        #expect(retry.longest == longest)
    }

    @Test(
        "so many attempts are a slip of the finger",
        arguments: [(1000, true), (1001, false), (1_000_000_000_000, false)])
    func tooMany(_ attempts: Int, _ isGood: Bool) throws {
        let found = Repository("stages: { a: { uses: noop, retry: { attempts: \(attempts) } } }").check()
        #expect(found.map(\.code) == (isGood ? [] : ["manifest/attempts"]))
        let retry = try #require(JSONSchemas.pipeline(stages: [])["$defs"]?["stage"]?["properties"]?["retry"])
        #expect(retry["properties"]?["attempts"]?["anyOf"]?[0]?["maximum"] == 1000)
    }

    @Test("a delay that is longer than the longest contradicts it")
    func contradiction() {
        let found = repository("delay: 30m, longest: 5m").check()
        #expect(found.map(\.code) == ["manifest/longest"])
        #expect(found.first?.message.contains("shorter than its 'delay'") == true)
        // The delay by default is meant by nobody.
        #expect(repository("longest: 500ms").check().isEmpty)
    }
}
