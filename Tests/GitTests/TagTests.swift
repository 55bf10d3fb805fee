import Foundation
import Testing

@testable import Git

@Suite("Tags are made exactly once")
struct TagTests {
    private let tagger = Person(name: "Release", email: "release@example.com")
    private let date = Date(timeIntervalSince1970: 1_790_000_000)

    @Test("a tag is made, and git reads the same")
    func create() throws {
        let scratch = try ScratchRepository()
        let head = try scratch.commit("First")
        let repository = try GitRepository(at: scratch.path)
        let result = try repository.createTag(
            named: "connector/sales/v1.2.0", on: "HEAD", message: "\nRelease 1.2.0\n\n- more  \n\n", tagger: tagger,
            date: date)
        guard case .created(let tag) = result else {
            Issue.record("the tag was not made: \(result)")
            return
        }
        #expect(tag.commit.hex == head)
        #expect(tag.message == "Release 1.2.0\n\n- more\n")
        #expect(tag.tagger == tagger)
        #expect(tag.date == date)
        #expect(try scratch.git("rev-parse", "connector/sales/v1.2.0") == tag.id.hex)
        #expect(try scratch.git("rev-parse", "connector/sales/v1.2.0^{commit}") == head)
        #expect(
            try scratch.git("for-each-ref", "--format=%(taggeremail) %(contents:subject)").contains(
                "<release@example.com> Release 1.2.0"))
        try scratch.git("fsck", "--strict")
    }

    @Test("the same tag again changes nothing and has the same id")
    func again() throws {
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        let repository = try GitRepository(at: scratch.path)
        let first = try repository.createTag(named: "v1.0.0", on: "HEAD", message: "One", tagger: tagger, date: date)
        let second = try repository.createTag(named: "v1.0.0", on: "HEAD", message: "One", tagger: tagger, date: date)
        #expect(second == .alreadyThere(first.tag, difference: nil))
        try scratch.git("tag", "-d", "v1.0.0")
        let third = try repository.createTag(named: "v1.0.0", on: "HEAD", message: "One", tagger: tagger, date: date)
        #expect(third == .created(first.tag))
    }

    @Test("on the same commit another message is told, and the tag stays")
    func otherMessage() throws {
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        let repository = try GitRepository(at: scratch.path)
        let first = try repository.createTag(named: "v1.0.0", on: "HEAD", message: "One", tagger: tagger, date: date)
        let second = try repository.createTag(named: "v1.0.0", on: "HEAD", message: "Two", tagger: tagger, date: date)
        #expect(second == .alreadyThere(first.tag, difference: "the tag carries another message"))
        try scratch.git("tag", "light")
        let light = try repository.createTag(named: "light", on: "HEAD", message: "Two", tagger: tagger, date: date)
        #expect(light == .alreadyThere(light.tag, difference: "the tag is a lightweight one, without a message"))
    }

    @Test("on another commit it is an error that names both")
    func elsewhere() throws {
        let scratch = try ScratchRepository()
        let first = try scratch.commit("First")
        let repository = try GitRepository(at: scratch.path)
        _ = try repository.createTag(named: "v1.0.0", on: "HEAD", message: "One", tagger: tagger, date: date)
        let second = try scratch.commit("Second")
        let error = #expect(throws: GitError.self) {
            _ = try repository.createTag(named: "v1.0.0", on: "HEAD", message: "One", tagger: tagger, date: date)
        }
        #expect(error?.kind == .tagElsewhere)
        #expect(error?.message.contains(first.prefix(10)) == true)
        #expect(error?.message.contains(second.prefix(10)) == true)
        #expect(try repository.tag(named: "v1.0.0")?.commit.hex == first)
    }

    @Test("a name inside another tag's name is refused in git's words")
    func nested() throws {
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        let repository = try GitRepository(at: scratch.path)
        _ = try repository.createTag(named: "a", on: "HEAD", message: "One", tagger: tagger, date: date)
        let error = #expect(throws: GitError.self) {
            _ = try repository.createTag(named: "a/b", on: "HEAD", message: "One", tagger: tagger, date: date)
        }
        #expect(error?.message.contains("a/b") == true)
    }

    @Test(
        "a bad name is explained",
        arguments: [
            ("", "a tag's name may not be empty"), ("a b", "the tag name 'a b' has a space"),
            ("a..b", "the tag name 'a..b' has '..'"), ("-a", "the tag name '-a' begins with '-'"),
            ("a.lock", "the tag name 'a.lock' has a part that ends with '.lock'"),
            ("a/.b", "the tag name 'a/.b' has a part that begins with '.'"),
            ("a:b", "the tag name 'a:b' has a ':'"), ("a\nb", "the tag name 'a?b' has a control character (U+A)"),
            ("a/", "the tag name 'a/' begins or ends with '/'"), ("a//b", "the tag name 'a//b' has '//'"),
            ("a.", "the tag name 'a.' ends with '.'"), ("a@{b", "the tag name 'a@{b' has '@{'"),
            ("refs/tags/a", "the tag name 'refs/tags/a' begins with 'refs/'; write the name alone"),
            ("@", "the tag name '@' is '@' alone"),
            (String(repeating: "x", count: 201), "a tag's name may not be longer than 200 bytes"),
        ])
    func badName(name: String, problem: String) throws {
        #expect(TagName.problem(with: name) == problem)
        let scratch = try ScratchRepository()
        try scratch.commit("First")
        let error = #expect(throws: GitError.self) {
            _ = try GitRepository(at: scratch.path)
                .createTag(named: name, on: "HEAD", message: "One", tagger: tagger, date: date)
        }
        #expect(error == GitError(.invalidName, problem))
    }

    @Test("good names are accepted", arguments: ["v1", "connector/contoso-sales/v1.2.0", "a@b", "ä/ö", "1.0.0+build"])
    func goodName(name: String) {
        #expect(TagName.problem(with: name) == nil)
    }

    @Test("the newest tag goes by version, not by text or time; pre-releases only when asked for")
    func newest() throws {
        let scratch = try ScratchRepository()
        let first = try scratch.commit("First")
        for name in [
            "c/sales/v1.9.0", "c/sales/v1.10.0", "c/sales/v1.10.1-rc.1", "c/sales/latest", "c/other/v9.0.0",
            "c/sales-2/v8.0.0",
        ] {
            try scratch.git("tag", "-a", name, "-m", name)
        }
        try scratch.commit("Second")
        try scratch.git("tag", "c/sales/v1.2.0")
        let repository = try GitRepository(at: scratch.path)
        let newest = try repository.newestTag(prefix: "c/sales")
        #expect(newest?.name == "c/sales/v1.10.0")
        #expect(newest?.version.text == "1.10.0")
        #expect(newest?.commit.hex == first)
        #expect(
            try repository.newestTag(prefix: "c/sales/", includingPreReleases: true)?.name == "c/sales/v1.10.1-rc.1")
        #expect(try repository.newestTag(prefix: "nothing") == nil)
        #expect(try repository.tags(prefix: "c/sales/").map(\.name).count == 5)
    }

    @Test("a tag of a file or tree is no release")
    func tagOfTree() throws {
        let scratch = try ScratchRepository()
        try scratch.write("x", to: "a")
        try scratch.commit("First")
        try scratch.git("tag", "x/v2.0.0", "HEAD^{tree}")
        try scratch.git("tag", "x/v1.0.0")
        #expect(try GitRepository(at: scratch.path).newestTag(prefix: "x")?.name == "x/v1.0.0")
    }
}
