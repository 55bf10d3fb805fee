import Documents
import Testing

@testable import Linting

@Suite struct JSONPathTests {
    static let store = """
        {"a": {"b": [1, 2, {"c": "x", "d-e": null}], "get": {"c": "y"}}, "list": ["p", "q", "r"],
         "paths": {"/x": {"get": {"tags": ["t"]}, "put": {}}, "/y/{z}": {"get": {"in": "query", "name": "n"}}},
         "401": {"n": 1}, "ref": {"$ref": "#/a"}, "loop": {"$ref": "#/loop"}}
        """

    @Test(arguments: [
        ("$", [""]),
        ("$.a.b[0]", ["/a/b/0"]),
        ("$.a.b.0", ["/a/b/0"]),
        ("$['a']['b'][2].c", ["/a/b/2/c"]),
        ("$.a.b[*]", ["/a/b/0", "/a/b/1", "/a/b/2"]),
        ("$.a.b[0,1]", ["/a/b/0", "/a/b/1"]),
        ("$.list[1:]", ["/list/1", "/list/2"]),
        ("$.list[:2]", ["/list/0", "/list/1"]),
        ("$.list[::2]", ["/list/0", "/list/2"]),
        ("$.list[-1]", ["/list/2"]),
        ("$.list[(@.length-1)]", ["/list/2"]),
        ("$..c", ["/a/b/2/c", "/a/get/c"]),
        ("$.a..c", ["/a/b/2/c", "/a/get/c"]),
        ("$..b[2].c", ["/a/b/2/c"]),
        ("$.a.b[2]['d-e']", ["/a/b/2/d-e"]),
        ("$.a.b[2].d-e", ["/a/b/2/d-e"]),
        ("$.paths[*][get,put]", ["/paths/~1x/get", "/paths/~1x/put", "/paths/~1y~1{z}/get"]),
        ("$.paths[*]['get','put']", ["/paths/~1x/get", "/paths/~1x/put", "/paths/~1y~1{z}/get"]),
        ("$.paths.[tags]", ["/paths/~1x/get/tags"]),
        ("$[401]", ["/401"]),
        ("$['401']", ["/401"]),
        ("$..tags^", ["/paths/~1x/get"]),
        ("$..tags^^", ["/paths/~1x"]),
        ("$..tags^.tags[0]", ["/paths/~1x/get/tags/0"]),
        ("$.paths[?(@property === '/x')]", ["/paths/~1x"]),
        ("$.paths[?(@property.match(/z/))]", ["/paths/~1y~1{z}"]),
        ("$.paths[?(!@property.match(/^\\/x$/))]", ["/paths/~1y~1{z}"]),
        ("$.paths[*][?(@.in == 'query' && @.name)]", ["/paths/~1y~1{z}/get"]),
        ("$.paths[*][?(@ && @.tags && @.tags.includes('t'))]", ["/paths/~1x/get"]),
        ("$.paths[*][?(@.tags.length > 0)]", ["/paths/~1x/get"]),
        ("$.list[?(@ == 'q' || @ == 'r')]", ["/list/1", "/list/2"]),
        ("$.list[?(@.indexOf('p') === -1)]", ["/list/1", "/list/2"]),
        ("$.a.b[?(@ > 1)]", ["/a/b/1"]),
        ("$.a.b[?(@.c)]", ["/a/b/2"]),
        ("$.a.b[?(@object())]", ["/a/b/2"]),
        ("$..[?(@.c === 'y')]", ["/a/get"]),
        ("$.a[?(@.constructor.name === 'Array')]", ["/a/b"]),
        ("$.a[?(@property in @parent)]", ["/a/b", "/a/get"]),
        ("$.list[?(/[pq]/.test(@))]", ["/list/0", "/list/1"]),
        ("$.list[?(@ !== void 0 && !(@ === 'p'))]", ["/list/1", "/list/2"]),
        ("$.missing.b", []),
        ("$.loop.x", []),
    ]) func finds(_ text: String, _ wanted: [String]) throws {
        #expect(try pointers(text, resolved: false) == wanted.sorted())
    }

    @Test func followsReferencesAndEndsOnCycles() throws {
        #expect(try pointers("$.ref.b[0]", resolved: true) == ["/a/b/0"])
        #expect(try pointers("$.ref.b[0]", resolved: false) == [])
        #expect(try pointers("$..c", resolved: true) == ["/a/b/2/c", "/a/get/c"])
    }

    @Test func aReferenceToItsOwnParentEnds() throws {
        let document = try Document(text: ##"{"a": {"b": {"$ref": "#/a"}, "c": 1}}"##, file: "a.json")
        #expect(try pointers("$..c", resolved: true, in: document) == ["/a/c"])
        #expect(try pointers("$..c^", resolved: true, in: document) == ["/a"])
        let query = JSONPathQuery(context: LintContext(document), followsReferences: true)
        #expect(query.matches(of: try JSONPath("$..c"), from: document.root).count == 1)
    }

    @Test func keysAreValues() throws {
        #expect(try texts("$.paths[*]~") == ["/x", "/y/{z}"])
        #expect(try texts("$.paths[?(@property.length > 2)]~") == ["/y/{z}"])
    }

    @Test(arguments: [
        "a.b", "$.", "$[", "$['a", "$.a[?(]", "$.a[?(@.b ===)]", "$.a[?(@.b", "$.a~.b", "$[?(@nothing)]", "$[?(eval)]",
        "$.a b", "$[(@.size)]", "$[?(@.a.match(/(/))]", "",
    ]) func refuses(_ text: String) {
        #expect(throws: JSONPathError.self) { try JSONPath(text) }
    }

    private func pointers(_ text: String, resolved: Bool, in document: Document? = nil) throws -> [String] {
        let document = try document ?? Document(text: JSONPathTests.store, file: "store.json")
        let found = try findings(text, resolved: resolved, document).compactMap(\.pointer)
        return Set(found).sorted()
    }

    private func texts(_ text: String) throws -> [String] {
        try findings(text, resolved: false, Document(text: JSONPathTests.store, file: "store.json")).map(\.message)
            .sorted()
    }

    private func findings(_ text: String, resolved: Bool, _ document: Document) throws -> [Finding] {
        _ = try JSONPath(text)
        let found = RuleFunction("found") { target, _ in [Remark(target.name ?? "here")] }
        let rule = Rule(
            "found", .hint, resolved: resolved, given: [text], [.init(found)], description: nil, page: RulePage("A."))
        let linter = Linter(ruleset: Ruleset(entries: [("found", .init(rule: rule, isEnabled: true))]))
        return linter.lint(document).findings.filter { $0.code == "found" }
    }
}
