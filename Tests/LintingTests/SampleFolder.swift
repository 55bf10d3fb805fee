import Foundation

/// The sample data beside the checkout, where it is there.
enum SampleFolder {
    static let path: String = {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.deletingLastPathComponent().appending(path: "shared/data").path
    }()

    static let isPresent = FileManager.default.fileExists(atPath: path)

    /// The files with an ending below a folder, sorted.
    static func files(in folder: String, ending: String) -> [String] {
        let base = path + "/" + folder
        guard let names = FileManager.default.enumerator(atPath: base) else { return [] }
        return names.compactMap { $0 as? String }.filter { $0.lowercased().hasSuffix(ending) }.sorted()
            .map { base + "/" + $0 }
    }
}
