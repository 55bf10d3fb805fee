import Testing

@testable import Git

@Suite("Who wrote a history")
struct HistoryTests {
    /// Who is known up to a commit is not looked up again; the answer is that of the whole history.
    @Test("what is known of an earlier commit is taken over")
    func knowing() throws {
        let scratch = try ScratchRepository()
        func commit(_ person: String) throws -> CommitID {
            let id = try scratch.commit(person, as: "\(person)@example.com")
            return try #require(CommitID(hex: id))
        }
        let first = try commit("one")
        let second = try commit("two")
        try scratch.git("checkout", "--quiet", "-b", "side", first.hex)
        let side = try commit("side")
        try scratch.git("checkout", "--quiet", "main")
        try scratch.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
        let head = try commit("three")
        let repository = try GitRepository(at: scratch.path)
        let whole = try repository.contributors(of: head, since: [])
        #expect(whole.people.count == 5 && whole.isWhole)
        for base in [first, second, side, head] {
            let known = try repository.contributors(of: base, since: []).people.sorted()
            #expect(try repository.leads(base, to: head))
            #expect(try repository.contributors(of: head, knowing: [base: known]) == whole)
            // Really: nothing before is looked at.
            let told = try repository.contributors(of: head, knowing: [base: ["told@example.com"]])
            #expect(told.people.contains("told@example.com"))
            #expect(!told.people.contains("one@example.com"))
        }
        // What does not lead there says nothing, nor does what is gone.
        #expect(try !repository.leads(side, to: second) && !repository.leads(head, to: second))
        let gone = try #require(CommitID(hex: String(repeating: "a", count: 40)))
        let found = try repository.contributors(of: second, knowing: [side: ["side"], head: ["head"], gone: ["gone"]])
        #expect(found == (try repository.contributors(of: second, since: [])))
    }

    /// Of a history that was cut off, what another repository knew of it counts for nothing.
    @Test("a history that was cut off is not whole")
    func cutOff() throws {
        let scratch = try ScratchRepository()
        for person in ["one", "two", "three"] { try scratch.commit(person, as: "\(person)@example.com") }
        let clone = try ScratchRepository()
        try clone.git("fetch", "--quiet", "--depth", "2", "file://\(scratch.path)", "main")
        try clone.git("checkout", "--quiet", "-B", "main", "FETCH_HEAD")
        let repository = try GitRepository(at: clone.path)
        let head = try repository.head().id
        let base = try repository.commit("HEAD~1").id
        #expect(try !repository.contributors(of: head, knowing: [base: ["one@example.com"]]).isWhole)
    }
}
