import Documents

/// Sorts the files of an unpacked solution into what goes into `customizations.xml` and what is copied.
struct Assembly {
    let folder: SolutionFolder
    let type: PackageType
    let manifest: XMLFile
    private let base: XMLFile
    /// The finished `customizations.xml`.
    private(set) var customizations: [UInt8] = []
    /// Every copied file by its path in the package.
    private(set) var payload: [String: Source] = [:]
    /// What is worth saying, and in the end everything wrong.
    private(set) var notes: [Diagnostic] = []
    /// The components by their folder, for the list of root components.
    private(set) var componentNames: [String: Set<String>] = [:]
    private var unused: Set<String>
    /// Folders with a component that cannot be read: what belongs to it is not known.
    private var unreadFolders: Set<String> = []
    private var sections: [(name: String, items: [XMLElement])] = []

    init(_ folder: SolutionFolder, type: PackageType) throws(Rejected) {
        self.folder = folder
        self.type = type
        unused = Set(folder.files.keys)
        guard let manifest = folder.files[FolderLayout.manifest], let base = folder.files[FolderLayout.customizations]
        else {
            throw Rejected(Diagnostic("solution/not-a-folder", "'\(folder.name)' is not an unpacked solution"))
        }
        self.manifest = try XMLFile(manifest)
        self.base = try XMLFile(base)
        unused.subtract([FolderLayout.manifest, FolderLayout.customizations])
    }

    /// The parts with their places in the folder, for checks.
    var parts: SolutionParts {
        func items(_ name: String) -> [XMLElement] {
            sections.first { $0.name == name }?.items ?? base.root.child(name)?.children ?? []
        }
        return SolutionParts(
            manifest: manifest, customizations: base, workflows: items("Workflows"), connectors: items("Connectors"),
            payload: payload)
    }

    mutating func run() throws(Rejected) {
        for rule in SectionRule.all { collect(rule) }
        collectInline()
        collectEntities()
        collectRelationships()
        collectCopied()
        refuseUnused()
        checkForm()
        let edited = splice()
        let errors = notes.filter { $0.severity == .error }
        guard errors.isEmpty else { throw Rejected(notes.sorted(by: Self.byPlace)) }
        customizations = edited
    }

    // MARK: components

    private mutating func collect(_ rule: SectionRule) {
        let paths = folder.files.keys.filter {
            $0.hasPrefix(rule.folder + "/") && $0.hasSuffix(rule.suffix) && !isManagedForm($0, rule)
        }
        var items: [XMLElement] = []
        for path in paths.sorted(by: FolderLayout.precedes) {
            unused.remove(path)
            guard let root = xml(form(of: path))?.root else {
                unreadFolders.insert(rule.folder)
                continue
            }
            guard root.name == rule.item else {
                report(
                    "solution/component", "'\(rule.item)' was expected here, and this is '\(root.name)'",
                    root.tagLocation)
                continue
            }
            items.append(root)
            componentNames[rule.folder, default: []].insert(
                String(path.dropFirst(rule.folder.count + 1).dropLast(rule.suffix.count)))
        }
        if !items.isEmpty { sections.append((rule.section, items)) }
        collectPayload(rule, items)
    }

    /// Copies the files that a section's components name, and misses those that they name and nobody has.
    private mutating func collectPayload(_ rule: SectionRule, _ items: [XMLElement]) {
        for item in items {
            for leaf in [item] + item.descendants where leaf.children.isEmpty {
                let packed = leaf.text
                guard packed.hasPrefix("/\(rule.packedFolder)/") else { continue }
                let name = String(packed.dropFirst())
                let path =
                    rule.section == "WebResources"
                    ? webResource(item) : rule.folder + name.dropFirst(rule.packedFolder.count)
                guard let source = folder.files[path] else {
                    let ending = path.split(separator: ".").last ?? ""
                    let near = suggestion(for: path, among: unused.filter { $0.hasSuffix("." + ending) })
                    let help = near.map { "did you mean '\($0)'?" } ?? "the file belongs at '\(path)'"
                    notes.append(
                        Diagnostic("solution/missing-file", "there is no file '\(path)'", at: leaf.location, help: help)
                    )
                    continue
                }
                payload[name] = source
                unused.remove(path)
            }
        }
        // Canvas apps and controls name some of their files only inside lists or other files.
        guard rule.section == "CanvasApps" || rule.section == "CustomControls", !items.isEmpty else { return }
        for path in unused where path.hasPrefix(rule.folder + "/") {
            payload[path] = folder.files[path]
            unused.remove(path)
        }
    }

    /// Copies the files that components name which stand in `Other/Customizations.xml` itself.
    private mutating func collectInline() {
        for section in base.root.children where !section.children.isEmpty {
            for leaf in section.descendants where leaf.children.isEmpty {
                let text = leaf.text
                guard text.hasPrefix("/") else { continue }
                let name = String(text.dropFirst())
                let path = name.hasPrefix("Connector/") ? "Connectors/" + name.dropFirst("Connector/".count) : name
                if let source = folder.files[path] {
                    payload[name] = source
                    unused.remove(path)
                } else if SectionRule.all.contains(where: { name.hasPrefix($0.packedFolder + "/") }) {
                    report("solution/missing-file", "there is no file '\(path)'", leaf.location)
                }
            }
        }
    }

    private func webResource(_ item: XMLElement) -> String { "WebResources/\(item.text(of: "Name") ?? "")" }

    private mutating func collectEntities() {
        let paths = folder.files.keys.filter { $0.hasPrefix("Entities/") && $0.split(separator: "/").count > 2 }
        let tables = Dictionary(grouping: paths) { String($0.split(separator: "/")[1]) }
        var items: [XMLElement] = []
        for (name, paths) in tables.sorted(by: { FolderLayout.precedes($0.key, $1.key) }) {
            let top = "Entities/\(name)"
            guard folder.files["\(top)/Entity.xml"] != nil else { continue }
            unused.remove("\(top)/Entity.xml")
            let forms = files(paths, below: "\(top)/FormXml", depth: 2)
            let queries = files(paths, below: "\(top)/SavedQueries", depth: 1)
            let ribbon = folder.files["\(top)/RibbonDiff.xml"] == nil ? nil : xml(form(of: "\(top)/RibbonDiff.xml"))
            unused.remove("\(top)/RibbonDiff.xml")
            guard let entity = xml(form(of: "\(top)/Entity.xml")) else { continue }
            do throws(Rejected) {
                let bytes = try EntityAssembly.assemble(
                    entity,
                    forms: forms.sorted { $0.file < $1.file }.map {
                        (String($0.path.split(separator: "/")[3]), $0.xml)
                    },
                    queries: queries.sorted { $0.file < $1.file }.map(\.xml), ribbon: ribbon)
                items.append(try XMLFile(Source(name: entity.source.name, bytes: bytes)).root)
                componentNames["Entities", default: []].insert(name)
            } catch {
                notes += error.diagnostics
            }
        }
        if !items.isEmpty { sections.append(("Entities", items)) }
    }

    /// The XML files so many folders below, in the form that is packed.
    private mutating func files(
        _ paths: [String], below folder: String, depth: Int
    ) -> [(path: String, file: String, xml: XMLFile)] {
        var result: [(path: String, file: String, xml: XMLFile)] = []
        let wanted = folder.split(separator: "/").count + depth
        for path in paths.sorted()
        where path.hasPrefix(folder + "/") && path.hasSuffix(".xml") && path.split(separator: "/").count == wanted {
            unused.remove(path)
            if path.hasSuffix("_managed.xml") {
                let plain = String(path.dropLast("_managed.xml".count)) + ".xml"
                if type == .unmanaged || self.folder.files[plain] != nil { continue }
            }
            guard let file = xml(form(of: path)) else { continue }
            result.append((path, path.split(separator: "/").last?.lowercased() ?? path, file))
        }
        return result
    }

    private mutating func collectRelationships() {
        guard folder.files[FolderLayout.relationships] != nil else { return }
        unused.remove(FolderLayout.relationships)
        guard let list = xml(FolderLayout.relationships) else { return }
        var definitions: [String: XMLElement] = [:]
        for path in folder.files.keys.sorted() where path.hasPrefix("Other/Relationships/") && path.hasSuffix(".xml") {
            unused.remove(path)
            for element in xml(path)?.root.children ?? [] {
                let name = element.attribute("Name") ?? ""
                if definitions.updateValue(element, forKey: name) != nil {
                    report("solution/relationship", "the relationship '\(name)' is there twice", element.tagLocation)
                }
            }
        }
        var items: [XMLElement] = []
        for element in list.root.children {
            let name = element.attribute("Name") ?? ""
            guard let definition = definitions.removeValue(forKey: name) else {
                report(
                    "solution/relationship", "no file in 'Other/Relationships' defines '\(name)'", element.tagLocation)
                continue
            }
            items.append(definition)
        }
        for (name, element) in definitions.sorted(by: { $0.key < $1.key }) {
            report(
                "solution/relationship", "'\(name)' is not listed in '\(FolderLayout.relationships)'",
                element.tagLocation)
        }
        if !items.isEmpty { sections.append(("EntityRelationships", items)) }
    }

    // MARK: other files

    private mutating func collectCopied() {
        for (top, paths) in Dictionary(grouping: unused, by: { $0.split(separator: "/").first.map(String.init) ?? $0 })
        {
            guard FolderLayout.copied.contains(top) || isComponentFolder(top, paths) else { continue }
            for path in paths {
                payload[path] = folder.files[path]
                unused.remove(path)
            }
        }
    }

    /// Whether an unknown folder has the shape of all newer kinds: lower case, a folder and an XML file for each component.
    private func isComponentFolder(_ top: String, _ paths: [String]) -> Bool {
        guard !FolderLayout.unsupported.contains(top), SectionRule.rule(ofFolder: top) == nil,
            top.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F })
        else { return false }
        return Dictionary(grouping: paths, by: { $0.split(separator: "/").prefix(2).joined(separator: "/") }).allSatisfy
        { component, paths in
            paths.contains {
                $0.hasSuffix(".xml") && $0.split(separator: "/").count == 3 && $0.hasPrefix(component + "/")
            }
        }
    }

    private mutating func refuseUnused() {
        for path in unused.sorted() {
            guard let source = folder.files[path] else { continue }
            let top = path.split(separator: "/").first.map(String.init) ?? path
            if unreadFolders.contains(top) { continue }
            let place = SolutionFolder.begin(source)
            if FolderLayout.unsupported.contains(top) {
                report(
                    "solution/unsupported", "almrun cannot pack '\(path)': it does not know how '\(top)' is assembled",
                    place)
            } else {
                notes.append(
                    Diagnostic(
                        "solution/unused-file", "'\(path)' would not get into the package", at: place,
                        help: "move it out of the folder, or add the component that it belongs to"))
            }
        }
    }

    // MARK: customizations.xml

    /// Refuses a managed package where only the server knows what the managed form looks like.
    private mutating func checkForm() {
        guard type == .managed, manifest.root.child("SolutionManifest")?.text(of: "Managed") == "0" else { return }
        var filled = Set(base.root.children.filter { !$0.children.isEmpty }.map(\.name))
        filled.formUnion(sections.map(\.name))
        for name in filled.subtracting(FolderLayout.sameInBothForms).sorted() {
            notes.append(
                Diagnostic(
                    "solution/managed-form",
                    "this source cannot be packed managed: only an export has the managed form of '\(name)'",
                    at: base.root.child(name)?.tagLocation ?? base.root.tagLocation,
                    help: "unpack with 'Managed' 2 from both exports, or pack unmanaged"))
        }
    }

    private mutating func splice() -> [UInt8] {
        var edits = ByteEdits()
        for (name, items) in sections {
            if let section = base.root.child(name) {
                if section.isEmpty {
                    Splice.fill(section, with: items, &edits)
                } else {
                    notes.append(
                        Diagnostic(
                            "solution/section", "'\(name)' holds components, and there are files for it too",
                            at: section.tagLocation,
                            notes: items.prefix(3).map { .init("such as this one", at: $0.tagLocation) }))
                }
            } else {
                notes.append(
                    Diagnostic(
                        "solution/section", "there are files for the section '\(name)', which is not here",
                        at: base.root.tagLocation,
                        notes: items.prefix(3).map { .init("such as this one", at: $0.tagLocation) },
                        help: "add '<\(name) />' \(position(of: name))"))
            }
        }
        return edits.applied(to: base.source.bytes)
    }

    private func position(of name: String) -> String {
        let order = FolderLayout.sectionOrder
        guard let index = order.firstIndex(of: name) else { return "to it" }
        let next = order[(index + 1)...].first { base.root.child($0) != nil }
        return next.map { "before '<\($0)>'" } ?? "at the end"
    }

    // MARK: files

    private func isManagedForm(_ path: String, _ rule: SectionRule) -> Bool {
        rule.hasManagedForms && path.hasSuffix("_managed.xml")
    }

    /// The managed form beside a file when a managed package is made, or the file itself.
    private mutating func form(of path: String) -> String {
        let managed = String(path.dropLast(".xml".count)) + "_managed.xml"
        guard folder.files[managed] != nil else { return path }
        unused.remove(managed)
        return type == .managed ? managed : path
    }

    private mutating func xml(_ path: String) -> XMLFile? {
        guard let source = folder.files[path] else { return nil }
        do throws(Rejected) {
            return try XMLFile(source)
        } catch {
            notes += error.diagnostics
            return nil
        }
    }

    private mutating func report(_ code: String, _ message: String, _ place: Location) {
        notes.append(Diagnostic(code, message, at: place))
    }

    private static func byPlace(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
        (left.location?.source.name ?? "", left.location?.range.lowerBound ?? 0)
            < (right.location?.source.name ?? "", right.location?.range.lowerBound ?? 0)
    }
}
