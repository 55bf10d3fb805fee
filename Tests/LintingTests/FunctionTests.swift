import Documents
import Testing

@testable import Linting

@Suite struct FunctionTests {
    @Test(
        arguments: [
            ("truthy", "1", nil, []), ("truthy", "[]", nil, []), ("truthy", "0", nil, ["The document must be truthy"]),
            ("truthy", "''", nil, ["The document must be truthy"]), ("falsy", "null", nil, []),
            ("falsy", "{}", nil, ["The document must be falsy"]), ("defined", "null", nil, []),
            ("undefined", "null", nil, ["The document must be undefined"]),
            ("enumeration", "b", "{values: [a, b]}", []),
            ("enumeration", "1", "{values: ['1', 2]}", ["1 must be equal to one of the allowed values: \"1\", 2"]),
            ("enumeration", "[1]", "{values: [2]}", []),
            ("length", "abc", "{max: 2}", ["The document must be shorter than 2"]),
            ("length", "{a: 1}", "{min: 2}", ["The document must be longer than 2"]),
            ("length", "5", "{min: 1, max: 5}", []),
            ("length", "true", "{min: 3}", []),
            ("pattern", "abc", "{match: '^a'}", []), ("pattern", "Abc", "{match: '/^a/i'}", []),
            ("pattern", "bc", "{match: '^a'}", ["\"bc\" must match the pattern \"^a\""]),
            ("pattern", "bc", "{notMatch: 'b|d'}", ["\"bc\" must not match the pattern \"b|d\""]),
            ("pattern", "5", "{match: '^a'}", []),
            ("casing", "fooBar1", "{type: camel}", []), ("casing", "FooBar", "{type: camel}", ["must be camel case"]),
            ("casing", "foo-bar", "{type: kebab}", []), ("casing", "foo--bar", "{type: kebab}", ["must be kebab case"]),
            ("casing", "FOO_BAR", "{type: macro}", []),
            ("casing", "foo_1", "{type: snake, disallowDigits: true}", ["must be snake case"]),
            ("casing", "/a-b/c", "{type: kebab, separator: {char: /, allowLeading: true}}", []),
            ("casing", "''", "{type: flat}", []),
            ("alphabetical", "[a, B, c]", nil, []),
            ("alphabetical", "[b, a]", nil, ["\"b\" must be placed after \"a\""]),
            ("alphabetical", "{b: 1, a: 2}", nil, ["\"b\" must be placed after \"a\""]),
            ("alphabetical", "[2, 10]", nil, []),
            ("alphabetical", "[{n: b}, {n: a}]", "{keyedBy: n}", ["properties must follow the alphabetical order"]),
            ("alphabetical", "[[1]]", nil, ["The document must be one of the allowed types: number, string"]),
            ("xor", "{a: 1}", "{properties: [a, b]}", []),
            (
                "xor", "{a: 1, b: 1}", "{properties: [a, b]}",
                ["\"a\" and \"b\" must not be both defined or both undefined"]
            ),
            ("or", "{a: 1, b: 1}", "{properties: [a, b]}", []),
            ("or", "{}", "{properties: [a, b, c]}", ["At least one of \"a\", \"b\" or \"c\" must be defined"]),
            (
                "or", "{}", "{properties: [a, b, c, d, e]}",
                ["At least one of \"a\", \"b\", \"c\" or 2 other properties must be defined"]
            ),
            ("typedEnum", "{type: string, enum: [a, 1]}", nil, ["Enum value 1 must be \"string\"."]),
            (
                "unreferencedReusableObject", "{a: {}, b: {$ref: '#/a'}}", "{reusableObjectsLocation: '#'}",
                ["Potential orphaned reusable object has been detected"]
            ),
            ("unresolvedReferences", "{a: {$ref: '#/b'}, c: {$ref: '#/a'}}", nil, ["'#/b' does not exist"]),
            ("schema", "{a: 1}", "{schema: {required: [b]}}", ["Object must have required property \"b\""]),
        ] as [(String, String, String?, [String])])
    func says(_ name: String, _ input: String, _ options: String?, _ wanted: [String]) throws {
        let document = try Document(text: input, file: "input.yaml")
        let function = try #require(
            try FunctionTable.make(name, options: try options.map { try Document(text: $0, file: "o.yaml").root }))
        let target = Target(value: document.root, site: document.root)
        #expect(function.check(target, LintContext(document)).map(\.message) == wanted)
    }

    @Test(arguments: [
        ("truthy", "{a: 1}"), ("casing", "{type: camle}"), ("casing", "{type: flat, separator: {char: ab}}"),
        ("length", "{}"),
        ("length", "{min: a}"), ("pattern", "{}"), ("pattern", "{match: '('}"), ("pattern", "{match: '/a/q'}"),
        ("enumeration", "{values: [{}]}"),
        ("xor", "{properties: [a]}"), ("schema", "{dialect: draft9, schema: {}}"), ("schema", "{schema: 1}"),
        ("unreferencedReusableObject", "{reusableObjectsLocation: a}"), ("alphabetical", "2"),
    ]) func refusesOptions(_ name: String, _ options: String) throws {
        let node = try Document(text: options, file: "o.yaml").root
        #expect(throws: OptionsProblem.self) { try FunctionTable.make(name, options: node) }
    }

    @Test func namesThePropertyThatIsMissing() throws {
        let document = try Document(text: "{info: {title: a}}", file: "a.yaml")
        let context = LintContext(document)
        let target = context.target(below: document.root, ["info", "contact", "name"])
        #expect(target.missing == ["contact", "name"])
        #expect(
            RuleFunction.truthy.check(target, context).map(\.message) == [
                "\"info.contact.name\" property must be truthy"
            ])
    }
}
