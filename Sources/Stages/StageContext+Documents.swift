import Documents
import Engine

/// The one way in which stages read documents of the repository: what was read is shown before anything is said of it.
extension StageContext {
    /// A document of the repository.
    func document(_ path: String) throws -> Document {
        let document = try Document(path: try self.path(path), file: path)
        try examine(document)
        return document
    }

    /// Shows a document that was read; its name is its path from the root.
    func examine(_ document: Document) throws {
        try examine(ReadFiles(document.source.name, contents: ["": document.source.bytes]))
    }
}
