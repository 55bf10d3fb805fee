import Documents
import Zip

/// The unmanaged and the managed package of one solution, put into one folder.
///
/// What is the same is there once; a table's form, view or ribbon that differs gets a `_managed.xml` beside it, and the
/// manifest says 2. Any other difference has no place in such a folder and is refused.
enum FormPair {
    static func merged(
        _ package: SolutionPackage, _ plain: [ZipEntry], _ managed: SolutionPackage, _ other: [ZipEntry]
    ) throws(Rejected) -> [ZipEntry] {
        guard !package.isManaged, managed.isManaged else {
            throw Rejected(Diagnostic("solution/pair", "a pair is an unmanaged package and then a managed one"))
        }
        let (left, right) = ("\(package.name) \(package.version)", "\(managed.name) \(managed.version)")
        guard left == right else {
            throw Rejected(Diagnostic("solution/pair", "'\(left)' and '\(right)' are not one solution of one version"))
        }
        let managedForms = Dictionary(other.map { ($0.name, $0.bytes) }) { first, _ in first }
        var problems: [Diagnostic] = []
        var result: [ZipEntry] = []
        for file in plain {
            guard let form = managedForms[file.name] else {
                problems.append(Diagnostic("solution/pair", "'\(file.name)' is only in the unmanaged package"))
                continue
            }
            if file.name == FolderLayout.manifest {
                let both = try stamped(file.bytes)
                if both != (try stamped(form)) {
                    problems.append(Diagnostic("solution/pair", "the two manifests differ in more than 'Managed'"))
                }
                result.append(ZipEntry(name: file.name, bytes: both))
                continue
            }
            result.append(file)
            if form == file.bytes { continue }
            guard let name = managedName(of: file.name) else {
                problems.append(
                    Diagnostic(
                        "solution/pair", "'\(file.name)' differs in the managed package, and there is no place for both"
                    ))
                continue
            }
            result.append(ZipEntry(name: name, bytes: form))
        }
        let names = Set(plain.map(\.name))
        for file in other where !names.contains(file.name) {
            guard let name = managedName(of: file.name),
                file.name.contains("/FormXml/") || file.name.contains("/SavedQueries/")
            else {
                problems.append(Diagnostic("solution/pair", "'\(file.name)' is only in the managed package"))
                continue
            }
            result.append(ZipEntry(name: name, bytes: file.bytes))
        }
        guard problems.isEmpty else { throw Rejected(problems) }
        return result.sorted { $0.name < $1.name }
    }

    /// Where the managed form of a file goes; nil for a file that has one form only.
    private static func managedName(of path: String) -> String? {
        let top = path.split(separator: "/").first.map(String.init) ?? path
        guard path.hasSuffix(".xml"), top == "Entities" || SectionRule.rule(ofFolder: top)?.hasManagedForms == true
        else {
            return nil
        }
        return path.dropLast(".xml".count) + "_managed.xml"
    }

    /// The manifest with `Managed` 2.
    private static func stamped(_ bytes: [UInt8]) throws(Rejected) -> [UInt8] {
        let file = try XMLFile(bytes: bytes, name: FolderLayout.manifest)
        var edits = ByteEdits()
        if let managed = file.root.descendant("SolutionManifest", "Managed") {
            edits.replace(managed.content, with: "2")
        }
        return edits.applied(to: bytes)
    }
}
