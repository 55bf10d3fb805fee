public import FoundationEssentials

/// Packages that have another content than their name says, or are missing.
extension DirectoryEnvironment {
    /// A package that is whole somewhere else.
    public struct PackageCopy: Sendable {
        /// Where it is, such as `the object store`.
        public var place: String
        public var bytes: Data

        public init(place: String, bytes: Data) {
            self.place = place
            self.bytes = bytes
        }
    }

    /// Looks for a package elsewhere, by its digest; nil where there is none that is whole.
    public typealias CopyFinder = @Sendable (_ digest: String) -> PackageCopy?

    /// A package that is not as its name says.
    private struct Fault {
        var digest: String
        var message: String
        /// Whether an installation would write over it.
        var isReplaceable: Bool
    }

    /// Puts packages back that ``examine(knowing:copy:)`` calls mendable.
    public func putBackPackages(_ copy: @escaping CopyFinder) async throws {
        guard isThere(path) else { return }
        let lock = try await locked()
        defer { _ = lock }
        try await blocking {
            // Without the state those go back that are there.
            for fault in faults(packages(), try? load()) where fault.isReplaceable {
                guard let kept = copy(fault.digest), Digest.of(kept.bytes) == fault.digest else { continue }
                try disk.makeFolder("\(path)/packages")
                try disk.replace(packageFile(fault.digest), with: kept.bytes)
            }
        }
    }

    func damaged(_ names: [String], _ state: EnvironmentState?, _ copy: CopyFinder) -> [EnvironmentFinding] {
        faults(names, state).map { fault in
            let kept = copy(fault.digest)
            let consequence = Self.consequence(of: fault, state, keptIn: kept?.place)
            return EnvironmentFinding(
                kept != nil && fault.isReplaceable ? .mendable : .problem, fault.message, consequence)
        }
    }

    private func faults(_ names: [String], _ state: EnvironmentState?) -> [Fault] {
        var found: [Fault] = []
        var present: Set<String> = []
        for name in names.sorted() {
            let digest = String(name.dropLast(4))
            present.insert(digest)
            let file = packageFile(digest)
            do {
                guard let content = try Disk.read(file) else { continue }
                let there = Digest.of(content)
                guard there != digest else { continue }
                found.append(
                    Fault(
                        digest: digest, message: "'\(file)' has another content than its name says: sha256 \(there)",
                        isReplaceable: true))
            } catch {
                found.append(Fault(digest: digest, message: "\(error)", isReplaceable: false))
            }
        }
        guard let state else { return found }
        let needed = Set(state.operations.map(\.digest) + state.solutions.values.flatMap { $0.layers.map(\.digest) })
        for digest in needed.subtracting(present).sorted() {
            found.append(
                Fault(
                    digest: digest, message: "the package '\(packageFile(digest))' is missing", isReplaceable: true))
        }
        return found
    }

    /// What a damaged package means for those who deploy, and what to do.
    private static func consequence(
        of fault: Fault, _ state: EnvironmentState?, keptIn place: String?
    ) -> String {
        let advice =
            switch place {
            case let place? where fault.isReplaceable: "\(place) has it whole"
            case let place?: "remove what is there, as \(place) has the package whole"
            case nil: "put it back from a copy"
            }
        guard let state else { return place == nil ? "it cannot be gone back to: \(advice)" : advice }
        if let user = state.solutions.values.filter({ $0.digest == fault.digest })
            .min(by: { $0.solution < $1.solution })
        {
            let package =
                "it is the package of '\(user.solution)' \(user.version), which is installed: reading back fails"
            guard place == nil else { return "\(package) until it is there again; \(advice)" }
            return "\(package), and nothing can go back to it; \(advice), or pack that version again"
        }
        guard let operation = state.operations.last(where: { $0.digest == fault.digest }) else {
            return "no operation is about it"
        }
        let rollback = "a rollback to '\(operation.solution)' \(operation.version)"
        guard let place, fault.isReplaceable else { return "\(rollback) cannot be made: \(advice)" }
        return "\(rollback) takes the package from \(place), which has it whole"
    }

    /// Files among the packages that are named like one.
    func packages() -> [String] {
        names(in: "packages").filter { name in
            name.hasSuffix(".zip") && name.utf8.count == 68
                && name.utf8.prefix(64).allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        }
    }
}
