import ArgumentParser
import Documents
import Engine
import Foundation
import Solutions
import Zip

/// Packs an unpacked solution, as the stage `solution.pack` does it, into a file.
struct PackCommand: AsyncParsableCommand {
    /// Which packages are made.
    enum Form: String, ExpressibleByArgument, CaseIterable { case unmanaged, managed, both }

    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Pack an unpacked solution folder into a solution package.",
        discussion:
            "The same source gives the same bytes. Nothing is written when anything is wrong.\n\n"
            + "Example: almrun pack examples/contoso-sales/solution out.zip --type managed --solution-version 1.2.0"
    )

    @Argument(help: "The folder that holds Other/Solution.xml, or whose src does.")
    var source: String

    @Argument(help: "The same as --output.")
    var destination: String?

    @Option(
        name: .shortAndLong,
        help: "The folder to write to, or the zip file when one package is made; the current folder when absent.")
    var output: String?

    @Option(help: "The form to pack: unmanaged, managed or both.")
    var type: Form = .unmanaged

    @Option(help: "The version to write into the package, such as 1.2.0: two to four numbers to 65535.")
    var solutionVersion: String?

    @Flag(help: "Replace a package that is there already.")
    var force = false

    @OptionGroup var common: CommonOptions

    /// Where to write: a zip file's name or a folder.
    private var place: String {
        let place = destination ?? output ?? "."
        return place.count > 1 && place.hasSuffix("/") ? String(place.dropLast()) : place
    }

    private var isFile: Bool { place.hasSuffix(".zip") }

    func validate() throws {
        if destination != nil && output != nil {
            throw ValidationError("give the output once: as the second argument or with --output")
        }
        if place.isEmpty { throw ValidationError("the output has no name") }
        if let problem = solutionVersion.flatMap(SolutionVersion.problem(with:)) { throw ValidationError(problem) }
        if type == .both && isFile {
            throw ValidationError("--type both writes two files: the output is a folder")
        }
    }

    func run() async throws {
        let version = solutionVersion.flatMap(SolutionVersion.init)
        try checkPlace()
        let folder = try SolutionFolder(path: source)
        try checkIsOutside(of: folder.name)
        let types: [PackageType] = type == .both ? [.unmanaged, .managed] : [type == .managed ? .managed : .unmanaged]
        let packed = try types.map { try SolutionPacker(type: $0, version: version).pack(folder) }
        Console.error(packed.first?.diagnostics ?? [])
        let files = packed.map { ($0.package, isFile ? place : "\(place)/\($0.package.fileName)") }
        for (package, path) in files where !force && FileManager.default.fileExists(atPath: path) {
            let there = (try? WholeFile.read(path)) == package.bytes
            if !there {
                throw Rejected(Diagnostic("pack/exists", "'\(path)' is there and differs", help: "--force replaces it"))
            }
        }
        let isNew = !isFile && !FileManager.default.fileExists(atPath: place)
        if isNew { try DurableFile.makeFolder(place) }
        do {
            for (package, path) in files { try WholeFile.write(package.bytes, to: path) }
        } catch {
            // A package that was written before the other could not be stays.
            if isNew { rmdir(place) }
            throw error
        }
        switch common.format {
        case .text: for (package, path) in files { Console.print(line: "\(path)  \(package.summary)") }
        case .json: Console.print(["packages": .list(files.map { $0.summaryValue(path: $1) })])
        }
    }

    /// Refuses a place in the folder that is packed: the package would be a file of the next one.
    private func checkIsOutside(of folder: String) throws(Rejected) {
        let isThere = !isFile && FileManager.default.fileExists(atPath: place)
        let target = isThere ? place : URL(filePath: place).deletingLastPathComponent().path
        guard (Self.real(target) + "/").hasPrefix(Self.real(folder) + "/") else { return }
        throw Rejected(
            Diagnostic(
                "pack/inside", "'\(place)' lies in '\(folder)': the package would be packed into the next one",
                help: "name a place outside with --output"))
    }

    /// The path of a folder that is there, without links.
    private static func real(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// Refuses a place that nothing can be written to; a folder that is missing itself is made later.
    private func checkPlace() throws(Rejected) {
        try OutputPlace.check(place)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue == isFile {
            let message =
                isFile ? "'\(place)' is a folder" : "'\(place)' is a file, and its name does not end in '.zip'"
            throw Rejected(Diagnostic("pack/output", message, help: "name a folder or a file that ends in '.zip'"))
        }
        let parent = URL(filePath: place).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: parent, isDirectory: &isFolder), isFolder.boolValue else {
            throw Rejected(
                Diagnostic(
                    "pack/output", "cannot write '\(place)': there is no folder '\(parent)'",
                    help: "make the folder first"))
        }
    }
}

extension SolutionPackage {
    /// The name that the platform gives a package's file, such as `ContosoSales_1_2_0_0_managed.zip`.
    var fileName: String {
        "\(name)_\(version.description.replacing(".", with: "_"))\(isManaged ? "_managed" : "").zip"
    }

    /// What it is, in a few words.
    var summary: String { "\(name) \(version) \(isManaged ? "managed" : "unmanaged"), sha256 \(digest)" }

    /// What it is, for machines.
    func summaryValue(path: String) -> Value {
        [
            "path": .string(path), "solution": .string(name), "version": .string(version.description),
            "managed": .boolean(isManaged), "digest": .string(digest), "content": .string(contentDigest),
            "size": .integer(bytes.count),
        ]
    }
}
