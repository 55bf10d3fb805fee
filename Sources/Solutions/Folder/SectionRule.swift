/// How the components of one section of `customizations.xml` are spread over files of the unpacked folder.
struct SectionRule: Sendable {
    /// The section's element, such as `Workflows`.
    var section: String
    /// The element of one component.
    var item: String
    /// The folder in the unpacked layout.
    var folder: String
    /// How the files end that hold a component's element.
    var suffix: String
    /// The folder of the other files in the package.
    var packedFolder: String
    /// Whether a `_managed` file beside a component's file holds its managed form.
    var hasManagedForms = false

    /// The path of a component's file, made from what its element says; nil when the element does not say it.
    var path: @Sendable (XMLElement) -> String?

    /// Every section that is spread over files; tables and relationships have rules of their own.
    static let all: [SectionRule] = [
        SectionRule(
            section: "Roles", item: "Role", folder: "Roles", suffix: ".xml", packedFolder: "Roles",
            hasManagedForms: true
        ) {
            $0.attribute("name").map { "Roles/\($0).xml" }
        },
        SectionRule(
            section: "Workflows", item: "Workflow", folder: "Workflows", suffix: ".data.xml", packedFolder: "Workflows"
        ) {
            named($0, ["JsonFileName", "XamlFileName"], in: "Workflows")
        },
        SectionRule(
            section: "optionsets", item: "optionset", folder: "OptionSets", suffix: ".xml", packedFolder: "OptionSets",
            hasManagedForms: true
        ) { $0.attribute("Name").map { "OptionSets/\($0).xml" } },
        SectionRule(
            section: "WebResources", item: "WebResource", folder: "WebResources", suffix: ".data.xml",
            packedFolder: "WebResources"
        ) { $0.text(of: "Name").map { "WebResources/\($0).data.xml" } },
        SectionRule(
            section: "CustomControls", item: "CustomControl", folder: "Controls", suffix: ".data.xml",
            packedFolder: "Controls"
        ) {
            named($0, ["FileName"], in: "Controls")
        },
        SectionRule(
            section: "SolutionPluginAssemblies", item: "PluginAssembly", folder: "PluginAssemblies",
            suffix: ".data.xml",
            packedFolder: "PluginAssemblies"
        ) { named($0, ["FileName"], in: "PluginAssemblies") },
        SectionRule(
            section: "AppModuleSiteMaps", item: "AppModuleSiteMap", folder: "AppModuleSiteMaps",
            suffix: "/AppModuleSiteMap.xml",
            packedFolder: "AppModuleSiteMaps", hasManagedForms: true
        ) { $0.text(of: "SiteMapUniqueName").map { "AppModuleSiteMaps/\($0)/AppModuleSiteMap.xml" } },
        SectionRule(
            section: "AppModules", item: "AppModule", folder: "AppModules", suffix: "/AppModule.xml",
            packedFolder: "AppModules",
            hasManagedForms: true
        ) { $0.text(of: "UniqueName").map { "AppModules/\($0)/AppModule.xml" } },
        SectionRule(
            section: "CanvasApps", item: "CanvasApp", folder: "CanvasApps", suffix: ".meta.xml",
            packedFolder: "CanvasApps"
        ) {
            $0.text(of: "Name").map { "CanvasApps/\($0).meta.xml" }
        },
        SectionRule(
            section: "Connectors", item: "Connector", folder: "Connectors", suffix: ".xml", packedFolder: "Connector"
        ) {
            $0.text(of: "name").map { "Connectors/\($0).xml" }
        },
    ]

    /// The rule of a folder of the unpacked layout.
    static func rule(ofFolder folder: String) -> SectionRule? { all.first { $0.folder == folder } }

    private static func named(_ element: XMLElement, _ children: [String], in folder: String) -> String? {
        for child in children {
            if let name = element.text(of: child), name.hasPrefix("/\(folder)/") {
                return name.dropFirst() + ".data.xml"
            }
        }
        return nil
    }
}
