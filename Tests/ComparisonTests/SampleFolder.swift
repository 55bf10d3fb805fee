import Documents
import FoundationEssentials

/// The sample data beside the checkout, if it is there.
enum SampleFolder {
    static let path: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.appendingPathComponent("shared/data").path
    }()

    static let isPresent = FileManager.default.fileExists(atPath: path)

    /// The files below a folder whose names end in a text, sorted.
    static func files(_ folder: String, ending: String) -> [String] {
        let root = "\(path)/\(folder)"
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
        return names.filter { $0.lowercased().hasSuffix(ending) }.sorted().map { "\(root)/\($0)" }
    }
}
