import Documents
import Foundation
import OrderedCollections
import Testing

@Suite struct ValueCodingTests {
    enum Kind: String, Codable { case plain, fancy }
    enum Outcome: Codable, Hashable {
        case done(Int)
        case failed(reason: String)
        case nothing
    }

    struct Part: Codable, Hashable {
        var name: String
        var size: Int8
    }

    struct Whole: Codable, Hashable {
        var title: String
        var kind: Kind
        var ratio: Double
        var isOn: Bool
        var note: String?
        var parts: [Part]
        var byName: [String: Part]
        var ordered: OrderedDictionary<String, Int>
        var date: Date
        var data: Data
        var link: URL
        var free: Value
        var outcomes: [Outcome]
        var grid: [[Int]]
    }

    private func whole() throws -> Whole {
        Whole(
            title: "t", kind: .fancy, ratio: 0.25, isOn: true, note: nil, parts: [Part(name: "p", size: -8)],
            byName: ["z": Part(name: "z", size: 1), "a": Part(name: "a", size: 2), "m": Part(name: "m", size: 3)],
            ordered: ["z": 1, "a": 2], date: Date(timeIntervalSince1970: 1_700_000_000.123), data: Data([1, 2, 255]),
            link: try #require(URL(string: "https://example.com/a?b=c")), free: ["x": [1, nil]],
            outcomes: [.done(1), .failed(reason: "r"), .nothing], grid: [[1, 2], []])
    }

    @Test func `encodes and decodes everything`() throws {
        let whole = try whole()
        let value = try ValueEncoder().encode(whole)
        #expect(
            value["date"] == "2023-11-14T22:13:20.123Z" && value["data"] == "AQL/"
                && value["link"] == "https://example.com/a?b=c")
        #expect(value["note"] == nil && value["free"] == ["x": [1, nil]] && value["kind"] == "fancy")
        #expect(value["byName"]?.map?.keys.elements == ["a", "m", "z"])
        #expect(value["ordered"]?.map?.keys.elements == ["z", "a"])
        #expect(try ValueDecoder().decode(Whole.self, from: value) == whole)
        #expect(try ValueDecoder().decode(Whole.self, from: Value(json: value.json())) == whole)
    }

    @Test func `single values need no map`() throws {
        #expect(
            try ValueEncoder().encode(3) == 3 && ValueEncoder().encode("x") == "x" && ValueEncoder().encode([1]) == [1])
        #expect(try ValueEncoder().encode([Int]()) == [] && ValueEncoder().encode([String: Int]()) == [:])
        #expect(try ValueEncoder().encode(Int?.none) == nil)
        #expect(try ValueDecoder().decode(Int?.self, from: nil) == nil)
        #expect(try ValueDecoder().decode(Double.self, from: 3) == 3)
        #expect(try ValueDecoder().decode(Int.self, from: 3.0) == 3)
        #expect(
            try ValueDecoder().decode(Date.self, from: "2026-01-02T03:04:05Z")
                == Date(timeIntervalSince1970: 1_767_323_045))
    }

    @Test(
        arguments: [
            (["name": "x"], "", "'size' is missing"),
            (["name": 1, "size": 1], "/name", "a string is expected, not an integer"),
            (["name": "x", "size": 300], "/size", "the number 300 is out of range"),
            (["name": "x", "size": 1.5], "/size", "an integer is expected, not a number"),
            (["name": nil, "size": 1], "/name", "a string is expected, not null"),
            ([1], "", "a map is expected, not a list"),
        ] as [(Value, String, String)])
    func `errors name the path`(value: Value, path: String, message: String) {
        let error = #expect(throws: ValueMismatch.self) { try ValueDecoder().decode(Part.self, from: value) }
        #expect(error?.pointer.description == path && error?.message == message)
    }

    @Test func `errors deep inside name the whole path`() throws {
        var value = try ValueEncoder().encode(whole())
        value["parts"] = [["name": "a", "size": 1], ["name": "b", "size": "x"]]
        let error = #expect(throws: ValueMismatch.self) { try ValueDecoder().decode(Whole.self, from: value) }
        #expect(error?.description == "'/parts/1/size': an integer is expected, not a string")
        value["parts"] = []
        value["date"] = "yesterday"
        let other = #expect(throws: ValueMismatch.self) { try ValueDecoder().decode(Whole.self, from: value) }
        #expect(other?.pointer.description == "/date")
    }

    @Test func `values go through other coders too`() throws {
        let value: Value = ["a": [1, 2.5, "x", true, nil], "b": ["c": [:], "d": []]]
        let data = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(Value.self, from: data) == value)
    }

    @Test func `numbers that JSON does not have are refused`() {
        #expect(throws: EncodingError.self) { try ValueEncoder().encode(Double.nan) }
        #expect(throws: EncodingError.self) { try ValueEncoder().encode(UInt64.max) }
    }
}
