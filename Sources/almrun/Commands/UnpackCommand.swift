import ArgumentParser
import Documents
import Solutions
import Zip

/// Spreads a solution package over the files that belong in a repository.
struct UnpackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpack",
        abstract: "Unpack a solution package into a folder.",
        discussion:
            "Writes the XML layout of SolutionPackager, after proving that packing the folder gives the package back. The folder is "
            + "there complete or not at all.\n\nExample: almrun unpack ContosoSales_1_2_0_0.zip examples/contoso-sales/solution"
    )

    @Argument(help: "The solution package, a zip file.")
    var package: String

    @Argument(help: "The folder to make.")
    var folder: String

    @Option(help: "The managed package of the same solution and version, so that the folder packs into both forms.")
    var managed: String?

    @Flag(help: "Replace an unpacked solution that is there already; says which of its files are gone.")
    var force = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if folder.isEmpty { throw ValidationError("the folder has no name") }
    }

    func run() async throws {
        try OutputPlace.check(folder)
        let package = try SolutionPackage(path: package)
        let unpacked = try SolutionUnpacker().unpack(package, managed: managed.map { try SolutionPackage(path: $0) })
        let gone = try FolderWriter.write(unpacked.files, to: folder, replacing: force)
        switch common.format {
        case .json:
            Console.print([
                "folder": .string(folder), "package": package.summaryValue(path: self.package),
                "files": .list(unpacked.files.map { .string($0.name) }),
                "normalized": .list(unpacked.normalized.map { .string($0) }),
                "kept": .list(unpacked.kept.map { .string($0) }),
                "removed": .list(gone.map { .string($0) }),
            ])
        case .text:
            Console.print(line: "\(folder): \(unpacked.files.count) files of \(package.summary)")
            if !gone.isEmpty {
                let names = gone.prefix(5).joined(separator: ", ") + (gone.count > 5 ? ", ..." : "")
                Console.print(
                    line:
                        "  removed \(gone.count) \(gone.count == 1 ? "file" : "files") of the old folder that the package "
                        + "does not have: \(names)")
            }
            for name in unpacked.normalized {
                Console.print(
                    line: "  \(name) packs again with the same meaning, not the same bytes (spacing or order)")
            }
            for name in unpacked.kept {
                Console.print(line: "  the components of '\(name)' stay in Other/Customizations.xml")
            }
        }
    }
}
