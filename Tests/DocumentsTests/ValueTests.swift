import Documents
import OrderedCollections
import TestSupport
import Testing

@Suite struct ValueTests {
    @Test func `equality does not see order or how a number is written`() {
        #expect(["a": 1, "b": [1.0, 2]] as Value == ["b": [1, 2], "a": 1.0])
        #expect(Set([["a": 1, "b": 2], ["b": 2.0, "a": 1]] as [Value]).count == 1)
        #expect(1 as Value != "1" && 1 as Value != true && nil as Value != false && [1, 2] as Value != [2, 1])
        #expect(["a": nil] as Value != [:])
        #expect(Value.number(1e300) != 1 && Value.integer(.max) != .number(9_223_372_036_854_775_808))
    }

    @Test func `gives parts and nil for everything else`() {
        let value: Value = ["a": [1, 2.5, "x", true, nil], "b/c": ["d": 3]]
        #expect(value["a"]?[0]?.integer == 1 && value["a"]?[1]?.double == 2.5 && value["a"]?[1]?.integer == nil)
        #expect(value["a"]?[2]?.string == "x" && value["a"]?[3]?.boolean == true && value["a"]?[4]?.isNull == true)
        #expect(value["a"]?[9] == nil && value["z"] == nil && value["a"]?["z"] == nil && value[0] == nil)
        #expect(value[Pointer("/b~1c/d")] == 3 && value[Pointer("/a/2")] == "x" && value[Pointer("/a/02")] == nil)
        #expect(Value.number(3).integer == 3 && Value.integer(3).double == 3)
    }

    @Test func `members are set and removed`() {
        var value: Value = ["a": 1]
        value["b"] = 2
        value["a"] = nil
        #expect(value == ["b": 2])
        var text: Value = "x"
        text["k"] = "v"
        #expect(text == ["k": "v"])
    }

    @Test func `writes JSON`() throws {
        let value: Value = ["b": [1, 1.5, true, nil], "a": ["x": "q\"\\\n\t\u{1}\u{1F}é😀/"], "e": [], "m": [:]]
        #expect(value.json() == #"{"b":[1,1.5,true,null],"a":{"x":"q\"\\\n\t\u0001\u001fé😀/"},"e":[],"m":{}}"#)
        #expect(
            (["a": [1, ["b": nil]], "c": []] as Value).json(pretty: true) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": []
                }
                """)
        #expect((["b": 2.0, "a": ["d": 1, "c": 1.5]] as Value).canonicalJSON == #"{"a":{"c":1.5,"d":1},"b":2}"#)
        #expect(Value.number(.infinity).json() == "null")
        #expect(throws: Rejected.self) { try Value(json: "{") }
    }

    @Test func `writes YAML that people read`() {
        let value: Value = [
            "name": "Ann", "on": "yes", "size": 1, "text": "a\nb\n",
            "list": ["x: y", "- z", "", [1, [2]], ["k": "v", "l": [:]]],
            "empty": [], "path": "a/b", "expression": "${{ a.b }}", "space": " x ", "time": "10m", "version": "1.10",
        ]
        #expect(
            value.yaml() == """
                name: Ann
                "on": "yes"
                size: 1
                text: |
                  a
                  b
                list:
                  - "x: y"
                  - "- z"
                  - ""
                  -
                    - 1
                    -
                      - 2
                  - k: v
                    l: {}
                empty: []
                path: a/b
                expression: "${{ a.b }}"
                space: " x "
                time: 10m
                version: "1.10"

                """)
    }

    /// Random values from a seed, with every kind of text that a writer may get wrong.
    @Test func `what is written is read again, as JSON and as YAML`() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<1500 {
            let value = random.value(depth: 0)
            #expect(try Value(json: value.json()) == value)
            #expect(try Value(json: value.json(pretty: true)) == value)
            let canonical = try Value(json: value.canonicalJSON)
            #expect(canonical == value && canonical.canonicalJSON == value.canonicalJSON)
            let yaml = value.yaml()
            let (document, diagnostics) = Document.read(text: yaml, file: "value.yaml")
            #expect(document?.root.value == value, "\(yaml) \(diagnostics)")
        }
    }
}
