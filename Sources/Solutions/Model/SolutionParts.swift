import Documents

/// The files that a solution is read from, wherever they stand: in a package, or spread over a folder.
struct SolutionParts {
    var manifest: XMLFile
    var customizations: XMLFile
    var workflows: [XMLElement]
    var connectors: [XMLElement]
    /// Every other file, by its path in the package.
    var payload: [String: Source]
}
