import FoundationEssentials

/// The real connectors, solutions and wire samples that may lie beside the checkout, in `../shared/data`.
public enum SampleData {
    /// The package's root folder.
    public static let packageRoot: String = {
        let starts = [FileManager.default.currentDirectoryPath, #filePath]
        for start in starts {
            var folder = URL(fileURLWithPath: start)
            while folder.path != "/" {
                if FileManager.default.fileExists(atPath: folder.appendingPathComponent("Package.swift").path) {
                    return folder.path
                }
                folder.deleteLastPathComponent()
            }
        }
        return FileManager.default.currentDirectoryPath
    }()

    /// The folder of the samples, whether it exists or not.
    public static let folder: String =
        URL(fileURLWithPath: packageRoot).deletingLastPathComponent().path + "/shared/data"

    /// Whether the samples are there.
    public static let isPresent: Bool = FileManager.default.fileExists(atPath: folder)

    /// Every file under a folder of the samples whose name ends in a suffix, sorted, as full paths.
    public static func files(under path: String, suffix: String) -> [String] {
        let root = folder + "/" + path
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
        return names.filter { $0.hasSuffix(suffix) }.sorted().map { root + "/" + $0 }
    }
}
