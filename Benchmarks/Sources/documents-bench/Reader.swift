import Documents
import Foundation
import Yams

/// What a reader is given: the bytes in every form, made before the clock starts.
struct Input {
    let path: String
    let bytes: [UInt8]
    let data: Data
    let text: String

    init(path: String) throws {
        self.path = path
        data = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes = Array(data)
        text = String(decoding: bytes, as: UTF8.self)
    }
}

/// The readers that are compared.
enum Reader: String, CaseIterable {
    case document
    case documentValue
    case foundation
    case yams

    var title: String {
        switch self {
        case .document: "almrun Document"
        case .documentValue: "almrun Document and Value"
        case .foundation: "Foundation JSONSerialization"
        case .yams: "Yams compose"
        }
    }

    var syntaxes: [Document.Syntax] { self == .foundation ? [.json] : [.json, .yaml] }

    func read(_ input: Input) throws {
        switch self {
        case .document:
            let document = try Document(bytes: input.bytes, file: input.path)
            precondition(document.root.count > 0)
        case .documentValue:
            let value = try Document(bytes: input.bytes, file: input.path).root.value
            precondition(value.map != nil)
        case .foundation:
            let object = try JSONSerialization.jsonObject(with: input.data)
            precondition(object is [String: Any])
        case .yams:
            let node = try Yams.compose(yaml: input.text)
            precondition(node?.mapping != nil)
        }
    }
}
