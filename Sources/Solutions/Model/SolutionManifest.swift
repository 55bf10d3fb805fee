public import Documents

/// What `solution.xml` says: who the solution is and what it consists of.
public struct SolutionManifest: Sendable, Hashable {
    public var uniqueName: String
    public var displayName: String?
    public var version: SolutionVersion
    /// 0 unmanaged, 1 managed, 2 unpacked from both.
    public var managed: Int
    public var publisher: Publisher
    public var rootComponents: [RootComponent]
    public var missingDependencies: [MissingDependency]
    public var location: Location?

    /// Reads the manifest; what is missing is refused, all of it at once.
    public init(_ file: XMLFile) throws(Rejected) {
        var problems: [Diagnostic] = []
        let root = file.root
        guard root.name == "ImportExportXml", let manifest = root.child("SolutionManifest") else {
            throw Rejected(
                Diagnostic(
                    "solution/manifest", "this is not a solution's manifest: it has no 'SolutionManifest'",
                    at: root.tagLocation))
        }
        func required(_ name: String, in element: XMLElement?) -> String {
            if let text = element?.text(of: name) { return text }
            let place = element?.child(name)?.location ?? (element ?? manifest).tagLocation
            problems.append(Diagnostic("solution/manifest", "'\(name)' is missing or empty", at: place))
            return ""
        }
        uniqueName = required("UniqueName", in: manifest)
        displayName = Self.displayName(manifest)
        location = manifest.child("UniqueName")?.location
        let versionText = required("Version", in: manifest)
        let managedText = required("Managed", in: manifest)
        if let read = SolutionVersion(versionText) {
            version = read
        } else {
            version = SolutionVersion(0, 0, 0, 0)
            if !versionText.isEmpty {
                problems.append(
                    Diagnostic(
                        "solution/version", "'\(versionText)' is not a version such as 1.2.0.0",
                        at: manifest.child("Version")?.location))
            }
        }
        managed = Int(managedText) ?? 0
        if !managedText.isEmpty, !["0", "1", "2"].contains(managedText) {
            problems.append(
                Diagnostic(
                    "solution/managed", "'\(managedText)' is not 0, 1 or 2", at: manifest.child("Managed")?.location))
        }
        let element = manifest.child("Publisher")
        publisher = Publisher(
            uniqueName: required("UniqueName", in: element), displayName: element.flatMap(Self.displayName),
            prefix: required("CustomizationPrefix", in: element),
            location: element?.child("CustomizationPrefix")?.location)
        (rootComponents, missingDependencies) = ([], [])
        for component in manifest.child("RootComponents")?.children ?? [] {
            guard let type = component.attribute("type").flatMap({ Int($0) }) else {
                problems.append(
                    Diagnostic(
                        "solution/root-component", "a root component needs a numeric type", at: component.tagLocation))
                continue
            }
            rootComponents.append(
                RootComponent(
                    type: type, id: component.attribute("id").map(Self.identifier),
                    schemaName: component.attribute("schemaName"),
                    behavior: component.attribute("behavior").flatMap { Int($0) } ?? 0, location: component.location))
        }
        for dependency in manifest.child("MissingDependencies")?.children ?? [] {
            guard let required = dependency.child("Required"), let dependent = dependency.child("Dependent") else {
                continue
            }
            missingDependencies.append(
                MissingDependency(
                    required: Self.side(required), dependent: Self.side(dependent), location: dependency.location))
        }
        guard problems.isEmpty else { throw Rejected(problems) }
    }

    /// A GUID as this room compares it: without braces, lower case.
    static func identifier(_ text: String) -> String {
        text.lowercased().replacing("{", with: "").replacing("}", with: "")
    }

    private static func displayName(_ element: XMLElement) -> String? {
        element.child("LocalizedNames")?.children.first?.attribute("description")
    }

    private static func side(_ element: XMLElement) -> MissingDependency.Side {
        MissingDependency.Side(
            type: element.attribute("type") ?? "", id: element.attribute("id").map(identifier),
            schemaName: element.attribute("schemaName"), displayName: element.attribute("displayName"),
            solution: element.attribute("solution") ?? element.text(of: "package"),
            logicalName: element.attribute("id.connectionreferencelogicalname"))
    }
}
