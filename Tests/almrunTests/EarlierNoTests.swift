import Testing

/// The built command tells who approves that somebody has said no to the same in another run.
@Suite(.waits) struct EarlierNoTests {
    @Test func whoApprovesIsToldOfANoInAnotherRun() throws {
        let asks = "gates: { approvals: [{ role: manager }] }"
        let repository = try ReleaseRepository(
            ["us": asks], roles: "manager: [mads@contoso.example, mia@contoso.example, rana@contoso.example]\n")
        defer { repository.remove() }
        let first = try repository.release("1.0.0")
        let no = try repository.almrun("reject", first, "us", "--comment", "data loss", as: "mia")
        try #require(no.status == 0, "\(no.error)")
        try #require(try repository.almrun("cancel", first, "--reason", "over").status == 0)
        let run = try repository.release("1.0.0")
        let words = "rejected by mia@contoso.example in run \(first), 20"
        let inbox = try repository.almrun("inbox", as: "mads")
        #expect(inbox.output.contains("  risk       \(words)"), "\(inbox.output)")
        let value = try repository.almrun("inbox", "--format", "json", as: "mads")
        #expect(value.output.contains(#""code": "rejected-elsewhere""#), "\(value.output)")
        let gate = try repository.almrun("show", run, "--gate", "us")
        #expect(gate.output.contains("\nrisk          \(words)"), "\(gate.output)")
        let yes = try repository.almrun("approve", run, "us", "--comment", "ok", as: "mads")
        #expect(yes.status == 0 && yes.output.contains("\n  risk: \(words)"), "\(yes.output)")
        #expect(yes.output.contains("Z: data loss\n"), "\(yes.output)")
        // Another package is another matter.
        _ = try repository.release("1.1.0")
        let other = try repository.almrun("inbox", "--limit", "1", as: "mads")
        #expect(other.output.contains("1.1.0") && !other.output.contains(words), "\(other.output)")
    }
}
