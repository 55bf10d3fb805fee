import Testing

/// What is said beforehand of a command under `finally` that would keep a cancelled run waiting.
@Suite(.waits) struct CleanupWarningTests {
    @Test(arguments: [
        ("command: [echo]", true), ("command: [echo], effect: once", false),
        ("command: [echo], effect: repeatable", false),
        ("command: [echo], probe: [test, -e, done]", false),
    ])
    func aCommandOfWhichNobodyCanTellIsAWarning(_ input: String, _ isTold: Bool) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let stage = "{ uses: shell.run, with: { \(input) } }"
        try work.write("stages:\n  main: \(stage)\nfinally:\n  tidy: \(stage)\n", "pipelines/p.yaml")
        let said = try BuiltCommand.run(["check"], in: work.path)
        #expect(said.status == 0, "\(said.output)\(said.error)")
        let warning = "warning: where 'tidy' is cut off, a person has to say before the run can end whether it was done"
        #expect(said.error.contains(warning) == isTold, "\(said.output)\(said.error)")
        #expect(said.error.contains("where 'main'") == false, "\(said.error)")
    }

    /// A `retry` that could never follow the `timeout` beside it.
    @Test(arguments: [
        ("command: [echo]", "retry: { attempts: 2 }, timeout: 1s", true),
        ("command: [echo]", "retry: { attempts: 1 }, timeout: 1s", false),
        ("command: [echo]", "retry: { attempts: 2 }", false), ("command: [echo]", "timeout: 1s", false),
        ("command: [echo], effect: once", "retry: { attempts: 2 }, timeout: 1s", false),
        ("command: [echo], effect: none", "retry: { attempts: 2 }, timeout: 1s", false),
        ("command: [echo], probe: [test, -e, done]", "retry: { attempts: 2 }, timeout: 1s", false),
    ])
    func aRetryThatATimeoutNeverUsesIsAWarning(_ input: String, _ keys: String, _ isTold: Bool) throws {
        let work = try WorkFolder()
        defer { work.remove() }
        try work.write("stages:\n  main: { uses: shell.run, \(keys), with: { \(input) } }\n", "pipelines/p.yaml")
        let said = try BuiltCommand.run(["check"], in: work.path)
        #expect(said.status == 0, "\(said.output)\(said.error)")
        #expect(said.error.contains("[manifest/retry-once]") == isTold, "\(said.output)\(said.error)")
    }
}
