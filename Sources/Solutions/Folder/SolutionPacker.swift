public import Documents
import Zip

/// Makes a package from an unpacked solution.
///
/// Elements of components go into `customizations.xml` as they stand in their files, only moved to their depth; every
/// other byte of every file is kept. A file that would not get into the package is refused by name, and so is a
/// component that the solution lists and the folder does not hold.
public struct SolutionPacker: Sendable {
    /// Which form is packed.
    public var type: PackageType
    /// The version to write into the package; the source's own when nil.
    public var version: SolutionVersion?
    /// Whether parts must agree with one another; off only to see whether unpacking lost anything.
    var checksConsistency = true

    /// Packs in one form, with the source's version or another one.
    public init(type: PackageType = .unmanaged, version: SolutionVersion? = nil) {
        self.type = type
        self.version = version
    }

    /// A finished package, and what is worth saying about it.
    public struct Packed: Sendable {
        public var package: SolutionPackage
        /// Warnings and hints; errors are thrown.
        public var diagnostics: [Diagnostic]
    }

    /// Packs a folder, unpacks the result again and compares it, so that nothing is lost unseen.
    public func pack(_ folder: SolutionFolder) throws(Rejected) -> Packed {
        var assembly = try Assembly(folder, type: type)
        try assembly.run()
        let manifest = try edited(assembly.manifest)
        let entries = ordered(manifest, assembly)
        let archive: [UInt8]
        do throws(ZipError) {
            archive = try ZipWriter.archive(entries, order: .asGiven)
        } catch {
            throw Rejected(Diagnostic(error))
        }
        let package = try SolutionPackage(bytes: archive, entries: entries, file: folder.name)
        var diagnostics = assembly.notes
        if checksConsistency {
            let contents = try SolutionContents(assembly.parts)
            diagnostics += ConsistencyChecks(contents: contents, components: assembly.componentNames).diagnostics
            let errors = diagnostics.filter { $0.severity == .error }
            guard errors.isEmpty else { throw Rejected(diagnostics) }
            _ = try SolutionUnpacker().unpack(package)
        }
        return Packed(package: package, diagnostics: diagnostics)
    }

    /// The manifest with the form and version of the package.
    private func edited(_ file: XMLFile) throws(Rejected) -> ZipEntry {
        let manifest = try SolutionManifest(file)
        guard let element = file.root.child("SolutionManifest"), let managed = element.child("Managed"),
            let versionElement = element.child("Version")
        else {
            throw Rejected(Diagnostic("solution/manifest", "the manifest has no version", at: file.root.tagLocation))
        }
        if manifest.managed == 1 && type == .unmanaged {
            throw Rejected(
                Diagnostic(
                    "solution/managed-source",
                    "this source comes from a managed package and cannot be packed unmanaged",
                    at: managed.location, help: "pack it managed, or unpack an unmanaged export"))
        }
        var edits = ByteEdits()
        let flag = type == .managed ? "1" : "0"
        if managed.text != flag { edits.replace(managed.content, with: flag) }
        if let version, versionElement.text != version.description {
            edits.replace(versionElement.content, with: version.description)
        }
        return ZipEntry(name: "solution.xml", bytes: edits.applied(to: file.source.bytes))
    }

    /// The entries in the order of `pac solution pack`: the two main files, components, copied folders, content types.
    private func ordered(_ manifest: ZipEntry, _ assembly: Assembly) -> [ZipEntry] {
        let first = ["WebResources", "Workflows", "CanvasApps", "Connector"]
        func rank(_ name: String) -> Int {
            let folder = name.split(separator: "/").first.map(String.init) ?? name
            return first.firstIndex(of: folder) ?? first.count
        }
        let payload = assembly.payload.sorted { left, right in
            let (a, b) = (rank(left.key), rank(right.key))
            return a == b ? FolderLayout.precedes(left.key, right.key) : a < b
        }
        var entries = [ZipEntry(name: "customizations.xml", bytes: assembly.customizations), manifest]
        entries += payload.map { ZipEntry(name: $0.key, bytes: $0.value.bytes) }
        return entries + [ContentTypes.entry(for: entries)]
    }
}
