import Testing

@testable import Comparison

/// Each row is one edit of a schema, and what it is called in a request and in a response.
@Suite struct SchemaChangeTests {
    struct Row: CustomTestStringConvertible {
        var before: String
        var after: String
        /// Endings behind `request-body-` or `request-property-`, and behind `response-body-` or `response-property-`.
        var request: [String]
        var response: [String]
        var dialects = Dialect.allCases

        var testDescription: String { "\(before) -> \(after)" }

        init(
            _ before: String, _ after: String, _ request: [String], _ response: [String],
            _ dialects: [Dialect] = Dialect.allCases
        ) {
            self.before = before
            self.after = after
            self.request = request
            self.response = response
            self.dialects = dialects
        }
    }

    static let new: [Dialect] = [.openAPI31]
    static let three: [Dialect] = [.openAPI30, .openAPI31]
    static let two: [Dialect] = [.swagger2]

    static let rows: [Row] = [
        Row("{type: string}", "{type: integer}", ["type-changed"], ["type-changed"]),
        Row("{type: integer}", "{type: number}", ["type-generalized"], ["type-generalized"]),
        Row("{type: number}", "{type: integer}", ["type-changed"], ["type-specialized"]),
        Row("{type: string}", "{}", ["type-generalized"], ["type-generalized"]),
        Row("{}", "{type: string}", ["type-changed"], ["type-specialized"]),
        Row("{type: string, format: uuid}", "{type: string}", ["type-generalized"], ["type-generalized"]),
        Row("{type: string}", "{type: string, format: uuid}", ["type-changed"], ["type-specialized"]),
        Row(
            "{type: integer, format: int32}", "{type: integer, format: int64}", ["type-generalized"],
            ["type-generalized"]),
        Row("{type: string, format: date}", "{type: string, format: uri}", ["type-changed"], ["type-changed"]),
        Row("{type: [string]}", "{type: [string, integer]}", ["type-generalized"], ["type-generalized"], new),
        Row(
            "{oneOf: [{type: string}, {type: integer}]}", "{oneOf: [{type: string}, {type: integer}, {type: boolean}]}",
            ["list-of-types-widened"], ["list-of-types-widened"], three),
        Row(
            "{oneOf: [{type: string}, {type: integer}]}", "{type: string}", ["list-of-types-narrowed"],
            ["list-of-types-narrowed"], three),
        Row("{properties: {a: {}}}", "{type: object, properties: {a: {}}}", [], []),
        Row("{type: string}", "{type: string, nullable: true}", ["became-nullable"], ["became-nullable"], [.openAPI30]),
        Row("{type: string}", "{type: string, x-nullable: true}", ["became-nullable"], ["became-nullable"], two),
        Row("{type: [string, 'null']}", "{type: string}", ["became-not-nullable"], ["became-not-nullable"], new),
        Row(
            "{type: string}", "{oneOf: [{type: string}, {type: 'null'}]}", ["became-nullable"], ["became-nullable"], new
        ),
        Row("{type: [string, 'null']}", "{anyOf: [{type: 'null'}, {type: string}]}", [], [], new),
        Row(
            "{type: string, enum: [a, b]}", "{type: string, enum: [a]}", ["enum-value-removed"], ["enum-value-removed"]),
        Row("{type: string, enum: [a]}", "{type: string, enum: [b, a]}", ["enum-value-added"], ["enum-value-added"]),
        Row("{type: string, enum: [a, b]}", "{type: string, enum: [b, a]}", [], []),
        Row("{type: string}", "{type: string, enum: [a]}", ["became-enum"], []),
        Row("{type: string, enum: [a]}", "{type: string}", ["enum-opened"], ["enum-opened"]),
        Row("{const: a}", "{const: b}", ["const-changed"], ["const-changed"], new),
        Row("{}", "{const: b}", ["const-added"], ["const-added"], new),
        Row("{const: a}", "{}", ["const-removed"], ["const-removed"], new),
        Row(
            "{type: string, default: a}", "{type: string, default: b}", ["default-value-changed"],
            ["default-value-changed"]),
        Row("{type: string}", "{type: string, default: b}", ["default-value-added"], ["default-value-added"]),
        Row("{type: string, default: a}", "{type: string}", ["default-value-removed"], ["default-value-removed"]),
        Row("{type: number, maximum: 5}", "{type: number, maximum: 5.0}", [], []),
        Row("{type: number, maximum: 5}", "{type: number, maximum: 4}", ["max-decreased"], []),
        Row("{type: number, maximum: 5}", "{type: number, maximum: 6.5}", ["max-increased"], ["max-increased"]),
        Row("{type: number}", "{type: number, maximum: 6}", ["max-set"], []),
        Row("{type: number, maximum: 6}", "{type: number}", ["max-unset"], ["max-unset"]),
        Row("{type: number, minimum: 5}", "{type: number, minimum: 4}", ["min-decreased"], ["min-decreased"]),
        Row("{type: number, minimum: 5}", "{type: number, minimum: 6}", ["min-increased"], []),
        Row("{type: number}", "{type: number, minimum: 6}", ["min-set"], []),
        Row("{type: number, minimum: 6}", "{type: number}", ["min-unset"], ["min-unset"]),
        Row(
            "{type: number, minimum: 5}", "{type: number, minimum: 5, exclusiveMinimum: true}",
            ["exclusive-min-increased"], [], [.swagger2, .openAPI30]),
        Row(
            "{type: number, exclusiveMaximum: 5}", "{type: number, exclusiveMaximum: 6}", ["exclusive-max-increased"],
            ["exclusive-max-increased"], new),
        Row("{type: number}", "{type: number, exclusiveMaximum: 6}", ["exclusive-max-set"], [], new),
        Row("{type: string, maxLength: 5}", "{type: string, maxLength: 4}", ["max-length-decreased"], []),
        Row(
            "{type: string, maxLength: 5}", "{type: string, maxLength: 6}", ["max-length-increased"],
            ["max-length-increased"]),
        Row("{type: string}", "{type: string, maxLength: 6}", ["max-length-set"], []),
        Row("{type: string, maxLength: 6}", "{type: string}", ["max-length-unset"], ["max-length-unset"]),
        Row("{type: string, minLength: 2}", "{type: string, minLength: 3}", ["min-length-increased"], []),
        Row(
            "{type: string, minLength: 2}", "{type: string, minLength: 1}", ["min-length-decreased"],
            ["min-length-decreased"]),
        Row("{type: string}", "{type: string, minLength: 0}", [], []),
        Row("{type: string}", "{type: string, minLength: 2}", ["min-length-set"], ["min-length-set"]),
        Row(
            "{type: array, minItems: 2}", "{type: array, minItems: 3}", ["min-items-increased"], ["min-items-increased"]
        ),
        Row(
            "{type: array, minItems: 2}", "{type: array, minItems: 1}", ["min-items-decreased"], ["min-items-decreased"]
        ),
        Row("{type: array}", "{type: array, maxItems: 3}", ["max-items-set"], ["max-items-set"]),
        Row(
            "{type: array, maxItems: 3}", "{type: array, maxItems: 2}", ["max-items-decreased"], ["max-items-decreased"]
        ),
        Row("{type: array}", "{type: array, uniqueItems: true}", ["unique-items-set"], ["unique-items-set"]),
        Row("{type: array, uniqueItems: true}", "{type: array}", ["unique-items-unset"], ["unique-items-unset"]),
        Row("{type: object}", "{type: object, maxProperties: 3}", ["max-properties-set"], ["max-properties-set"]),
        Row(
            "{type: object, minProperties: 1}", "{type: object, minProperties: 3}", ["min-properties-increased"],
            ["min-properties-increased"]),
        Row("{type: integer}", "{type: integer, multipleOf: 5}", ["multiple-of-set"], ["multiple-of-set"]),
        Row(
            "{type: integer, multipleOf: 5}", "{type: integer, multipleOf: 7}", ["multiple-of-changed"],
            ["multiple-of-changed"]),
        Row("{type: string}", "{type: string, pattern: a}", ["pattern-added"], ["pattern-added"]),
        Row("{type: string, pattern: a}", "{type: string, pattern: b}", ["pattern-changed"], ["pattern-changed"]),
        Row(
            "{type: string, pattern: a}", "{type: string, pattern: '.*'}", ["pattern-generalized"], ["pattern-changed"]),
        Row("{type: string, pattern: a}", "{type: string}", ["pattern-removed"], ["pattern-removed"]),
        Row(
            "{type: object}", "{type: object, additionalProperties: false}", ["additional-properties-closed"],
            ["additional-properties-closed"]),
        Row(
            "{type: object, additionalProperties: false}", "{type: object}", ["additional-properties-opened"],
            ["additional-properties-opened"]),
        Row(
            "{type: object}", "{type: object, additionalProperties: {type: string}}",
            ["additional-properties-schema-added"], ["additional-properties-schema-added"]),
        Row("{type: object}", "{type: object, additionalProperties: true}", [], []),
        Row("{}", "{not: {type: string}}", ["not-added"], ["not-added"], three),
        Row("{not: {type: string}}", "{not: {type: integer}}", ["not-changed"], ["not-changed"], three),
        Row("{not: {type: string}}", "{}", ["not-removed"], ["not-removed"], three),
        Row(
            "{allOf: [{required: [a]}]}", "{allOf: [{required: [a]}, {required: [b]}]}", ["all-of-added"],
            ["all-of-added"]),
        Row(
            "{allOf: [{required: [a]}, {required: [b]}]}", "{allOf: [{required: [b]}]}", ["all-of-removed"],
            ["all-of-removed"]),
        Row(
            "{type: object}", "{type: object, allOf: [{description: x}]}", ["all-of-added-annotation-only"],
            ["all-of-added-annotation-only"]),
        Row(
            "{anyOf: [{minimum: 1}, {minimum: 2}]}", "{anyOf: [{minimum: 1}, {minimum: 2}, {maximum: 3}]}",
            ["any-of-added"], ["any-of-added"], three),
        Row(
            "{oneOf: [{minimum: 1}, {minimum: 2}, {maximum: 3}]}", "{oneOf: [{maximum: 3}, {minimum: 2}]}",
            ["one-of-removed"], ["one-of-removed"], three),
        Row(
            "{type: object, required: [a]}", "{oneOf: [{type: object, required: [b]}, {type: object, required: [c]}]}",
            ["wrapped-in-one-of"], ["wrapped-in-one-of"], three),
        Row(
            "{type: object, required: [a]}", "{oneOf: [{type: object, required: [b]}, {type: object, required: [a]}]}",
            ["one-of-added"], ["one-of-added"], three),
        Row("{if: {}}", "{if: {}, then: {type: string}}", ["then-added"], ["then-added"], new),
        Row("{if: {}, else: {type: string}}", "{if: {}}", ["else-removed"], ["else-removed"], new),
        Row("{type: array}", "{type: array, contains: {type: string}}", ["contains-added"], ["contains-added"], new),
        Row(
            "{contains: {}, minContains: 1}", "{contains: {}, minContains: 2}", ["min-contains-increased"],
            ["min-contains-increased"], new),
        Row(
            "{prefixItems: [{type: string}]}", "{prefixItems: [{type: string}, {type: integer}]}",
            ["prefix-items-added"], ["prefix-items-added"], new),
        Row("{}", "{propertyNames: {pattern: a}}", ["property-names-added"], ["property-names-added"], new),
        Row(
            "{patternProperties: {a: {}}}", "{patternProperties: {b: {}}}",
            ["pattern-property-added", "pattern-property-removed"],
            ["pattern-property-added", "pattern-property-removed"], new),
        Row(
            "{dependentRequired: {a: [b]}}", "{dependentRequired: {a: [b, c]}}", ["dependent-required-changed"],
            ["dependent-required-changed"], new),
        Row(
            "{}", "{dependentSchemas: {a: {type: object}}}", ["dependent-schema-added"], ["dependent-schema-added"], new
        ),
        Row(
            "{}", "{unevaluatedProperties: false}", ["unevaluated-properties-added"], ["unevaluated-properties-added"],
            new),
        Row(
            "{contentEncoding: base64}", "{contentEncoding: base32}", ["content-encoding-changed"],
            ["content-encoding-changed"], new),
        Row(
            "{type: object, discriminator: {propertyName: a}}", "{type: object, discriminator: {propertyName: b}}",
            ["discriminator-property-name-changed"], ["discriminator-property-name-changed"], three),
        Row(
            "{type: object}", "{type: object, discriminator: a}", ["discriminator-added"], ["discriminator-added"], two),
        Row("{type: array, items: {type: string}}", "{type: array}", ["items-removed"], ["items-removed"]),
    ]

    /// Changes with the ending that is asked for, whatever else the place is called.
    private func endings(_ ids: [String], _ beginnings: String...) -> [String] {
        ids.filter { $0 != "api-definition-changed" }.map { id in
            for beginning in beginnings where id.hasPrefix(beginning) { return String(id.dropFirst(beginning.count)) }
            return id
        }
    }

    @Test(arguments: rows) func ofABody(row: Row) throws {
        for dialect in row.dialects {
            let request = ids(try dialect.taking(row.before), try dialect.taking(row.after))
            #expect(Set(endings(request, "request-body-")) == known(row.request, "request-body-"), "\(dialect)")
            let response = ids(try dialect.giving(row.before), try dialect.giving(row.after))
            #expect(
                Set(endings(response, "response-body-", "response-mediatype-"))
                    == known(row.response, "response-body-", "response-mediatype-"), "\(dialect)")
        }
    }

    @Test(arguments: rows) func ofAProperty(row: Row) throws {
        func object(_ schema: String) -> String { "{type: object, properties: {p: {type: array, items: \(schema)}}}" }
        for dialect in row.dialects {
            let request = ids(try dialect.taking(object(row.before)), try dialect.taking(object(row.after)))
            #expect(Set(endings(request, "request-property-")) == Set(row.request), "\(dialect)")
            let response = ids(try dialect.giving(object(row.before)), try dialect.giving(object(row.after)))
            #expect(
                Set(endings(response, "response-property-")) == known(row.response, "response-property-"), "\(dialect)")
        }
    }

    @Test(arguments: rows) func ofANamedSchemaTheSame(row: Row) throws {
        for dialect in row.dialects {
            let reference =
                dialect == .swagger2 ? "{$ref: '#/definitions/S'}" : "{$ref: '#/components/schemas/S'}"
            let named = ids(
                try dialect.giving(reference, schemas: "{S: \(row.before)}"),
                try dialect.giving(reference, schemas: "{S: \(row.after)}"))
            #expect(named == ids(try dialect.giving(row.before), try dialect.giving(row.after)), "\(dialect)")
            // Only the writing differs.
            let moved = ids(try dialect.giving(row.after), try dialect.giving(reference, schemas: "{S: \(row.after)}"))
            #expect(moved == ["api-definition-changed"], "\(dialect)")
        }
    }

    @Test(arguments: rows) func isNoneAgainstItself(row: Row) throws {
        for dialect in row.dialects {
            #expect(ids(try dialect.taking(row.after), try dialect.taking(row.after)) == [])
        }
    }

    private func known(_ endings: [String], _ beginnings: String...) -> Set<String> {
        Set(endings.filter { ending in beginnings.contains { ChangeCatalogue.kind($0 + ending) != nil } })
    }

    @Test(arguments: Dialect.allCases) func propertiesOfRequests(dialect: Dialect) throws {
        let rows: [(String, String, [String])] = [
            ("properties: {a: {}}", "properties: {a: {}, b: {}}", ["new-optional-request-property"]),
            ("properties: {a: {}}", "properties: {a: {}, b: {}}, required: [b]", ["new-required-request-property"]),
            (
                "properties: {a: {}}", "properties: {a: {}, b: {default: 1}}, required: [b]",
                ["new-required-request-property-with-default"]
            ),
            ("properties: {a: {}, b: {}}", "properties: {a: {}}", ["request-property-removed"]),
            ("properties: {a: {}}", "properties: {a: {}}, required: [a]", ["request-property-became-required"]),
            (
                "properties: {a: {default: 1}}", "properties: {a: {default: 1}}, required: [a]",
                ["request-property-became-required-with-default"]
            ),
            ("properties: {a: {}}, required: [a]", "properties: {a: {}}", ["request-property-became-optional"]),
            (
                "properties: {a: {}}", "properties: {a: {readOnly: true}}",
                ["request-optional-property-became-read-only"]
            ),
            (
                "properties: {a: {readOnly: true}}, required: [a]", "properties: {a: {}}, required: [a]",
                ["request-required-property-became-not-read-only"]
            ),
            (
                "properties: {a: {type: string, readOnly: true}}", "properties: {a: {type: integer, readOnly: true}}",
                ["api-definition-changed"]
            ),
            (
                "properties: {a: {maximum: 2, readOnly: true}}", "properties: {a: {maximum: 1, readOnly: true}}",
                ["request-read-only-property-max-decreased"]
            ),
            ("required: [z]", "{}", ["request-property-became-optional"]),
        ]
        for (before, after, expected) in rows {
            let old = "{type: object, \(before)}"
            let new = after == "{}" ? "{type: object}" : "{type: object, \(after)}"
            #expect(ids(try dialect.taking(old), try dialect.taking(new)) == expected, "\(before) -> \(after)")
        }
    }

    @Test(arguments: Dialect.allCases) func propertiesOfResponses(dialect: Dialect) throws {
        let rows: [(String, String, [String])] = [
            ("properties: {a: {}}", "properties: {a: {}, b: {}}", ["response-optional-property-added"]),
            ("properties: {a: {}}", "properties: {a: {}, b: {}}, required: [b]", ["response-required-property-added"]),
            ("properties: {a: {}, b: {}}", "properties: {a: {}}", ["response-optional-property-removed"]),
            (
                "properties: {a: {}, b: {}}, required: [b]", "properties: {a: {}}",
                ["response-required-property-removed"]
            ),
            ("properties: {a: {}}", "properties: {a: {}}, required: [a]", ["response-property-became-required"]),
            ("properties: {a: {}}, required: [a]", "properties: {a: {}}", ["response-property-became-optional"]),
            (
                "properties: {a: {}}", "properties: {a: {}, b: {writeOnly: true}}",
                ["response-optional-write-only-property-added"]
            ),
            (
                "properties: {a: {writeOnly: true}}, required: [a]", "properties: {a: {writeOnly: true}}",
                ["response-write-only-property-became-optional"]
            ),
            (
                "properties: {a: {}}, required: [a]", "properties: {a: {writeOnly: true}}, required: [a]",
                ["response-required-property-became-write-only"]
            ),
        ]
        for (before, after, expected) in rows {
            let found = ids(
                try dialect.giving("{type: object, \(before)}"), try dialect.giving("{type: object, \(after)}"))
            #expect(found == expected, "\(before) -> \(after)")
        }
    }

    @Test(arguments: Dialect.allCases) func splittingIntoAllOfIsNoChange(dialect: Dialect) throws {
        let flat = "{type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}"
        let split =
            "{allOf: [{type: object, required: [a], properties: {a: {type: string}}}, {properties: {b: {type: integer}}}]}"
        #expect(ids(try dialect.taking(flat), try dialect.taking(split)) == ["api-definition-changed"])
        #expect(ids(try dialect.giving(split), try dialect.giving(flat)) == ["api-definition-changed"])
    }

    @Test(arguments: Dialect.allCases) func recursiveSchemasEnd(dialect: Dialect) throws {
        let prefix = dialect == .swagger2 ? "#/definitions/" : "#/components/schemas/"
        func schemas(_ type: String) -> String {
            """
            {Node: {type: object, properties: {value: {type: \(type)}, next: {$ref: '\(prefix)Node'}, \
            children: {type: array, items: {$ref: '\(prefix)Node'}}, other: {$ref: '\(prefix)Loop'}}}, \
            Loop: {$ref: '\(prefix)Pool'}, Pool: {$ref: '\(prefix)Loop'}}
            """
        }
        let reference = "{$ref: '\(prefix)Node'}"
        let before = try dialect.giving(reference, schemas: schemas("string"))
        #expect(ids(before, before) == [])
        let found = changes(before, try dialect.giving(reference, schemas: schemas("integer")))
        #expect(found.map(\.id) == ["response-property-type-changed"])
        #expect(found.first?.message.contains("'value'") == true)
    }

    @Test func deepAndWideSharingStaysFast() throws {
        // Every level refers to the next one three times: as a tree it has 3^40 leaves.
        let levels = (0..<40).map { level in
            let next = level == 39 ? "{type: string}" : "{$ref: '#/definitions/L\(level + 1)'}"
            return "L\(level): {type: object, properties: {a: \(next), b: \(next), c: {type: array, items: \(next)}}}"
        }
        let old = try Dialect.swagger2.giving(
            "{$ref: '#/definitions/L0'}", schemas: "{\(levels.joined(separator: ", "))}")
        let changed = levels.joined(separator: ", ").replacing("{type: string}", with: "{type: integer}")
        let new = try Dialect.swagger2.giving("{$ref: '#/definitions/L0'}", schemas: "{\(changed)}")
        #expect(ids(old, new).filter { $0 == "response-property-type-changed" }.count <= 3)
        #expect(!ids(old, new).isEmpty)
    }
}
