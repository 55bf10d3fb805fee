public import Documents
public import Zip

/// Spreads a package over the files of an unpacked solution, and proves that packing them gives the package back.
public struct SolutionUnpacker: Sendable {
    /// The files of a folder, and how well they give the package back.
    public struct Unpacked: Sendable {
        /// The files by their paths below the solution's root, sorted.
        public var files: [ZipEntry]
        /// Entries that packing gives back with the same meaning and other bytes; all others come back byte for byte.
        public var normalized: [String]
        /// Sections of `customizations.xml` that stay in it because almrun spreads no such component over files.
        public var kept: [String]
    }

    /// Unpacks in the layout of SolutionPackager.
    public init() {}

    /// Unpacks; a package that would not come back the same is refused with the entries named.
    ///
    /// With the managed package of the same solution and version, the folder holds both forms and packs into either.
    public func unpack(_ package: SolutionPackage, managed: SolutionPackage? = nil) throws(Rejected) -> Unpacked {
        let (plain, kept) = try spread(package.entries)
        var files = plain
        if let managed {
            files = try FormPair.merged(package, files, managed, try spread(managed.entries).files)
        }
        let folder = try SolutionFolder(files: files, name: package.file)
        var normalized = try checked(package, folder)
        if let managed { normalized = Set(normalized + (try checked(managed, folder))).sorted() }
        return Unpacked(files: files, normalized: normalized, kept: kept)
    }

    /// Packs the folder again; gives the names of the entries that come back with other bytes and the same meaning.
    private func checked(_ package: SolutionPackage, _ folder: SolutionFolder) throws(Rejected) -> [String] {
        var packer = SolutionPacker(type: package.isManaged ? .managed : .unmanaged)
        packer.checksConsistency = false
        let again: SolutionPackage
        do {
            again = try packer.pack(folder).package
        } catch {
            throw Rejected(error.diagnostics.map { aboutEntry($0, package, folder) })
        }
        let differences = ContentComparison.differences(package.entries, again.entries)
        let lost = differences.filter { $0.kind != .normalized }
        guard lost.isEmpty else {
            throw Rejected(
                lost.map { difference in
                    Diagnostic(
                        "solution/round-trip",
                        "'\(difference.name)' \(difference.kind.words) when the unpacked solution is packed again")
                })
        }
        return differences.map(\.name)
    }

    /// The diagnostic about a whole file as one about the entry of the zip: there is no folder yet that could be looked into.
    private func aboutEntry(_ problem: Diagnostic, _ package: SolutionPackage, _ folder: SolutionFolder) -> Diagnostic {
        guard let location = problem.location, location.range.isEmpty,
            let path = folder.files.first(where: { $0.value == location.source })?.key
        else { return problem }
        let packed = path.hasPrefix("Connectors/") ? "Connector/" + path.dropFirst("Connectors/".count) : path
        let entry = package.entries.contains { $0.name == packed } ? packed : path
        let reason =
            problem.code == "solution/unused-file"
            ? "belongs to no component of the solution" : "cannot be unpacked: \(problem.message)"
        return Diagnostic(
            problem.code, problem.severity, "entry '\(entry)' of '\(package.file)' \(reason)", notes: problem.notes,
            help: problem.code == "solution/unused-file"
                ? "remove it from the zip, or export the solution again" : problem.help)
    }

    private func spread(_ entries: [ZipEntry]) throws(Rejected) -> (files: [ZipEntry], kept: [String]) {
        var files: [String: [UInt8]] = [:]
        var problems: [Diagnostic] = []
        var kept: [String] = []
        var folded: Set<String> = []
        func add(_ path: String, _ bytes: [UInt8]) {
            if !folded.insert(path.lowercased()).inserted {
                problems.append(Diagnostic("solution/duplicate-file", "two components would be unpacked as '\(path)'"))
            }
            files[path] = bytes
        }
        var payload = Dictionary(entries.map { ($0.name, $0.bytes) }) { first, _ in first }
        payload[FolderLayout.contentTypes] = nil
        guard let manifest = payload.removeValue(forKey: "solution.xml"),
            let customizations = payload.removeValue(forKey: "customizations.xml")
        else { throw Rejected(Diagnostic("solution/not-a-package", "the package lacks one of its two main files")) }
        add(FolderLayout.manifest, manifest)
        let base = try XMLFile(bytes: customizations, name: "customizations.xml")
        var edits = ByteEdits()
        for section in base.root.children where !section.children.isEmpty {
            guard section.holdsOnlyElements else {
                // A comment between components has no file to go to.
                kept.append(section.name)
                continue
            }
            if section.name == "Entities" {
                guard let parts = entities(section) else {
                    kept.append(section.name)
                    continue
                }
                for (folder, element) in parts {
                    let file = try XMLFile(bytes: Splice.file(element), name: "\(folder)/Entity.xml")
                    for entry in EntityAssembly.split(file, folder: folder) { add(entry.name, entry.bytes) }
                }
            } else if section.name == "EntityRelationships" {
                guard let parts = relationships(section) else {
                    kept.append(section.name)
                    continue
                }
                for entry in parts { add(entry.name, entry.bytes) }
            } else if let rule = SectionRule.all.first(where: { $0.section == section.name }) {
                guard let parts = components(section, rule) else {
                    kept.append(section.name)
                    continue
                }
                for (path, element) in parts {
                    add(path, Splice.file(element))
                    if rule.section == "WebResources", let packed = element.text(of: "FileName")?.dropFirst(),
                        let bytes = payload.removeValue(forKey: String(packed))
                    {
                        add(String(path.dropLast(rule.suffix.count)), bytes)
                    }
                }
            } else {
                if section.name != "connectionreferences" && section.name != "Languages" { kept.append(section.name) }
                continue
            }
            let tag = String(
                decoding: customizations[section.startTag.lowerBound + 1..<section.attributeInsertion], as: UTF8.self)
            edits.replace(section.range, with: "<\(tag) />")
        }
        add(FolderLayout.customizations, edits.applied(to: customizations))
        for (name, bytes) in payload.sorted(by: { $0.key < $1.key }) {
            add(name.hasPrefix("Connector/") ? "Connectors/" + name.dropFirst("Connector/".count) : name, bytes)
        }
        guard problems.isEmpty else { throw Rejected(problems) }
        return (files.map { ZipEntry(name: $0.key, bytes: $0.value) }.sorted { $0.name < $1.name }, kept)
    }

    private func components(_ section: XMLElement, _ rule: SectionRule) -> [(path: String, element: XMLElement)]? {
        var result: [(path: String, element: XMLElement)] = []
        for element in section.children {
            guard element.name == rule.item, let path = rule.path(element), isSafe(path) else { return nil }
            result.append((path, element))
        }
        return result
    }

    private func entities(_ section: XMLElement) -> [(folder: String, element: XMLElement)]? {
        var result: [(folder: String, element: XMLElement)] = []
        for element in section.children {
            guard element.name == "Entity", let name = element.text(of: "Name"), isSafe(name), !name.contains("/")
            else { return nil }
            result.append(("Entities/\(name)", element))
        }
        return result
    }

    private func relationships(_ section: XMLElement) -> [ZipEntry]? {
        let lineEnd = XMLLayout.lineEnd(of: section.file.source.bytes)
        var groups: [(owner: String, items: [[UInt8]])] = []
        var names: [[UInt8]] = []
        for element in section.children {
            guard element.name == "EntityRelationship", let name = element.attribute("Name"),
                let owner = element.text(of: "ReferencedEntityName") ?? element.text(of: "FirstEntityName"),
                isSafe(owner)
            else { return nil }
            let item = XMLLayout.moved(element, by: -2)
            if let index = groups.firstIndex(where: { $0.owner.lowercased() == owner.lowercased() }) {
                groups[index].items.append(item)
            } else {
                groups.append((owner, [item]))
            }
            names.append(Array("<EntityRelationship Name=\"\(XMLText.escapedAttribute(name))\" />".utf8))
        }
        func file(_ items: [[UInt8]]) -> [UInt8] {
            var result = Splice.heading(lineEnd) + Array("<EntityRelationships\(Splice.namespace)>".utf8)
            for item in items { result += lineEnd + [0x20, 0x20] + item }
            return result + lineEnd + Array("</EntityRelationships>".utf8)
        }
        return [ZipEntry(name: FolderLayout.relationships, bytes: file(names))]
            + groups.map { ZipEntry(name: "Other/Relationships/\($0.owner).xml", bytes: file($0.items)) }
    }

    /// Whether a name from a package may become a path; the archive's own names were checked when it was opened.
    private func isSafe(_ path: String) -> Bool {
        !path.isEmpty && !path.contains("\\") && !path.contains(":") && !path.hasPrefix("/")
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0 != "." && $0 != ".."
            }
            && path.unicodeScalars.allSatisfy { $0.value >= 0x20 }
    }
}
