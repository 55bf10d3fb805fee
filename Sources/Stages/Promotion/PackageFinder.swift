import Documents
public import Engine
public import Environments
public import Foundation
public import Pipelines
import Solutions

/// Finds the package that a name means, in environments, in the object store and in runs.
public struct PackageFinder: Sendable {
    /// The histories of the environments, by name.
    public let environments: [String: EnvironmentState]
    /// Why others cannot be read, by name.
    public let leftOut: [String: any Error]
    private let targets: [String: DirectoryEnvironment]
    private let objects: ObjectStore
    private let store: (any RunStore)?
    /// How many of the newest runs are looked through for a package that no environment has had.
    private let limit = 100

    /// Reads what the environments hold; one that cannot be reached from here holds nothing that is known.
    ///
    /// - Parameter needed: The environments that must be readable; nil for all.
    public init(
        environments files: [EnvironmentFile], root: String, objects: ObjectStore, store: (any RunStore)?,
        needed: Set<String>? = nil
    ) async throws {
        var states: [String: EnvironmentState] = [:]
        var targets: [String: DirectoryEnvironment] = [:]
        var leftOut: [String: any Error] = [:]
        for file in files {
            guard case .directory = file.target else { continue }
            do {
                let target = try EnvironmentTargets.directory(file, root: root)
                targets[file.name] = target
                states[file.name] = try await target.state()
            } catch {
                guard let needed, !needed.contains(file.name) else { throw error }
                leftOut[file.name] = error
            }
        }
        self.leftOut = leftOut
        environments = states
        self.targets = targets
        self.objects = objects
        self.store = store
    }

    /// The one package that a name means; a file is looked for from the current folder.
    ///
    /// Throws a ``Refusal`` for none and for several, and `Rejected` for a file that is no package.
    public func find(_ name: PackageName) async throws -> KnownPackage {
        switch name {
        case .file(let path):
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw Refusal("package/no-file", "there is no file '\(path)'")
            }
            let contents = PackageContents(try SolutionPackage(bytes: Array(bytes), file: path))
            return KnownPackage(digest: contents.digest, contents: contents)
        case .digest(let prefix):
            return try await one(
                try await known(digest: prefix), "a digest that begins with '\(prefix)'", wanted: prefix)
        case .version(let solution, let version):
            guard let wanted = SolutionVersion(version) else {
                throw Refusal("package/version", "'\(version)' is not a version such as 1.2.0.0")
            }
            let found = try await all().filter {
                $0.solution?.lowercased() == solution.lowercased()
                    && $0.version.flatMap { SolutionVersion($0) } == wanted
            }
            return try await one(found, "'\(solution)' \(version)", wanted: "\(solution)@\(version)")
        }
    }

    /// The package with its content, where that is still to be had: from the object store, or from an environment.
    public func complete(_ package: KnownPackage) async throws -> KnownPackage {
        guard package.contents == nil, let bytes = try await bytes(of: package.digest),
            let read = try? SolutionPackage(bytes: Array(bytes), file: "\(package.digest.prefix(12)).zip")
        else { return package }
        return KnownPackage(digest: package.digest, contents: PackageContents(read))
    }

    /// The bytes of a package; nil when its file is gone everywhere.
    public func bytes(of digest: String) async throws -> Data? {
        // A damaged object is as good as none: an environment may have it whole.
        if let kept = try? objects.read(digest) { return kept }
        for (_, target) in targets.sorted(by: { $0.key < $1.key }) {
            // The same of an environment's copy.
            if let kept = try? await target.package(digest) { return kept }
        }
        return nil
    }

    /// When the package was deployed, or kept as an object.
    public func times(of digest: String) -> [Date] {
        var times = environments.values.flatMap(\.operations).filter { $0.digest == digest }
            .flatMap { [$0.at, $0.readBack].compactMap { $0 } }
        let file = try? FileManager.default.attributesOfItem(atPath: objects.path(of: digest))
        if let date = file?[.modificationDate] as? Date { times.append(date) }
        return times
    }

    /// The packages that are known, as SOLUTION@VERSION, with the one that may have been meant first.
    private func nearest(to wanted: String) async throws -> [String] {
        var names: [String] = []
        for package in try await all() {
            guard let solution = package.solution, let version = package.version else { continue }
            let name = "\(solution)@\(version)"
            if !names.contains(name) { names.append(name) }
        }
        guard !names.isEmpty else { return [] }
        let meant = suggestion(for: wanted, among: names).map { "did you mean '\($0)'? " } ?? ""
        let shown = names.sorted().suffix(8).map { "'\($0)'" }.joined(separator: ", ")
        return ["\(meant)known are \(shown)\(names.count > 8 ? ", ..." : "")"]
    }

    private func one(
        _ found: [KnownPackage], _ what: String, wanted: String
    ) async throws -> KnownPackage {
        let digests = Set(found.map(\.digest))
        guard let first = found.first else {
            throw Refusal(
                "package/unknown", "no package with \(what) is known here",
                notes: try await nearest(to: wanted) + [
                    "a package is known once a run has made it; a .zip file can be named too"
                ])
        }
        guard digests.count == 1 else {
            throw Refusal(
                "package/ambiguous", "\(digests.count) packages have \(what)",
                notes: Set(found.map(\.title)).sorted().prefix(10).map { $0 })
        }
        return try await complete(found.first { $0.version != nil } ?? first)
    }

    private func known(digest prefix: String) async throws -> [KnownPackage] {
        let deployed = deployed().filter { $0.digest.hasPrefix(prefix) }
        if !deployed.isEmpty { return deployed }
        let folder = "\(objects.folder)/\(prefix.prefix(2))"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var found: [KnownPackage] = []
        for name in names.sorted() where name.hasPrefix(prefix) && name.utf8.count == 64 {
            // Reports and outputs are objects too: what is no package is not meant.
            guard let bytes = try? objects.read(name),
                let package = try? SolutionPackage(bytes: Array(bytes), file: "\(name.prefix(12)).zip")
            else { continue }
            found.append(KnownPackage(digest: name, contents: PackageContents(package)))
        }
        return found.isEmpty ? try await made().filter { $0.digest.hasPrefix(prefix) } : found
    }

    private func all() async throws -> [KnownPackage] { deployed() + (try await made()) }

    private func deployed() -> [KnownPackage] {
        environments.values.flatMap(\.operations).map {
            KnownPackage(digest: $0.digest, solution: $0.solution, version: $0.version)
        }
    }

    /// What the newest runs have made.
    private func made() async throws -> [KnownPackage] {
        guard let store else { return [] }
        var found: [KnownPackage] = []
        for summary in try await store.runs(matching: RunFilter(limit: limit)) {
            // What a damaged run has made is known where it was deployed.
            guard let state = try await RunState.loadUndamaged(summary.run, from: store, objects: objects, { _, _ in })
            else { continue }
            found += state.madePackages.map {
                KnownPackage(digest: $0.digest, solution: $0.solution, version: $0.version)
            }
        }
        return found
    }
}
