import Documents
import Engine
import Environments
import Foundation
import OrderedCollections
import Pipelines
import Stages

extension InputOptions {
    /// The inputs of a pipeline, with each package that is named as `almrun why` takes it in the form that plans have it.
    ///
    /// - Parameter isKept: Whether a package is put where the stages of a run look for it.
    func values(
        of pipeline: String, in workspace: Workspace, keepingPackages isKept: Bool = false
    ) async throws -> OrderedDictionary<String, Value> {
        var values = try values()
        // What is wrong with the pipeline the planner says.
        let packages = ((try? workspace.planner.inputs(of: pipeline)) ?? []).filter { $0.type == .package }
        for input in packages {
            guard let text = values[input.name]?.string, let name = PackageName(text) else { continue }
            let finder = try await Self.finder(in: workspace)
            let package = try await finder.find(name)
            var bytes = try await finder.bytes(of: package.digest)
            if bytes == nil, case .file(let path) = name { bytes = FileManager.default.contents(atPath: path) }
            guard let bytes, let contents = package.contents else {
                throw Refusal(
                    "package/gone", "input '\(input.name)': the file of package '\(text)' is gone",
                    notes: ["it is neither in .almrun/objects nor kept by an environment: give its .zip file"])
            }
            if isKept { try workspace.objects.put(bytes) }
            values[input.name] = try ValueEncoder().encode(
                PackageReference(
                    digest: package.digest, solution: contents.solution, version: contents.version,
                    managed: contents.isManaged, size: bytes.count))
        }
        return values
    }

    /// What can be read here; an environment that cannot be hides no package of another.
    private static func finder(in workspace: Workspace) async throws -> PackageFinder {
        var readable: [EnvironmentFile] = []
        for file in try workspace.environments(named: nil) {
            guard case .directory = file.target else { continue }
            do {
                _ = try await EnvironmentTargets.directory(file, root: workspace.root).state()
                readable.append(file)
            } catch let error as EnvironmentError {
                Console.error("warning: no package is looked for in environment '\(file.name)': \(error)")
            }
        }
        return try await PackageFinder(
            environments: readable, root: workspace.root, objects: workspace.objects,
            store: try workspace.existingStore())
    }
}
