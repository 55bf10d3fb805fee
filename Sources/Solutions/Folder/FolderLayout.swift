/// Where things stand in an unpacked solution folder, and what belongs to them in a package.
enum FolderLayout {
    static let manifest = "Other/Solution.xml"
    static let customizations = "Other/Customizations.xml"
    static let relationships = "Other/Relationships.xml"
    static let contentTypes = "[Content_Types].xml"

    /// Folders of components that stand in files of their own and not in `customizations.xml`; they are copied.
    static let copied = [
        "environmentvariabledefinitions", "bots", "botcomponents", "Assets", "customapis", "aiplugins",
        "aipluginoperations",
    ]

    /// Folders that SolutionPackager knows and almrun does not; what they hold is refused by name.
    static let unsupported = [
        "Dashboards", "Reports", "Templates", "FieldSecurityProfiles", "InteractionCentricDashboards",
        "MobileOfflineProfiles",
        "ConvertRules", "RoutingRules", "SLAs", "SdkMessageProcessingSteps", "ServiceEndpoints", "EntityMaps",
        "ConnectionRoles",
    ]

    /// Files that no tool packs.
    static let ignored: Set<String> = [
        ".gitkeep", ".gitignore", ".gitattributes", ".DS_Store", "Thumbs.db", "desktop.ini",
    ]

    /// The sections of `customizations.xml` in the order that real files have them.
    static let sectionOrder = [
        "Entities", "Roles", "Workflows", "FieldSecurityProfiles", "Templates", "EntityImageConfigs",
        "AttributeImageConfigs", "EntityMaps", "EntityRelationships", "OrganizationSettings", "optionsets",
        "WebResources",
        "CustomControls", "SolutionPluginAssemblies", "AppModuleSiteMaps", "AppModules", "EntityDataProviders",
        "CanvasApps", "Connectors", "connectionreferences", "Languages",
    ]

    /// Sections that are the same in a managed and an unmanaged package.
    static let sameInBothForms: Set<String> = [
        "Workflows", "Connectors", "connectionreferences", "CanvasApps", "WebResources", "Languages",
    ]

    /// The path with the first folder and the fixed file names spelled as this room spells them.
    static func canonical(_ path: String) -> String {
        var parts = path.split(separator: "/").map(String.init)
        guard let first = parts.first else { return path }
        let known = copied + unsupported + SectionRule.all.map(\.folder) + ["Other", "Entities"]
        if parts.count > 1, let name = known.first(where: { $0.lowercased() == first.lowercased() }) { parts[0] = name }
        if parts[0] == "Other", parts.count > 1 {
            let fixed = ["Solution.xml", "Customizations.xml", "Relationships.xml", "Relationships"]
            if let name = fixed.first(where: { $0.lowercased() == parts[1].lowercased() }) { parts[1] = name }
        }
        return parts.joined(separator: "/")
    }

    /// The order in which a Windows folder lists its files: by upper-case characters, folder by folder.
    static func precedes(_ left: String, _ right: String) -> Bool {
        let (a, b) = (left.split(separator: "/"), right.split(separator: "/"))
        for (x, y) in zip(a, b) where x != y {
            let (upperX, upperY) = (x.uppercased().unicodeScalars, y.uppercased().unicodeScalars)
            if upperX.elementsEqual(upperY) { return x.unicodeScalars.lexicographicallyPrecedes(y.unicodeScalars) }
            return upperX.lexicographicallyPrecedes(upperY)
        }
        return a.count < b.count
    }
}
