public import FoundationEssentials
import Solutions

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
        var remedy: Remedy
    }

    /// What brings a package back.
    private enum Remedy {
        /// From a place that has it whole.
        case copy(String)
        /// The same, once what is no file is out of its way.
        case removal(String)
        /// What is there is a package that nothing else has, and whose own file is this.
        case stranger(String)
        /// It is under the name of another one, in this file.
        case misnamed(String)
        case none

        var isMendable: Bool { if case .copy = self { true } else { false } }
    }

    /// Puts packages back that ``examine(knowing:copy:)`` calls mendable.
    ///
    /// Never written over is a package under the name of another one that nothing else has.
    public func putBackPackages(_ copy: @escaping CopyFinder) async throws {
        guard isThere(path) else { return }
        let lock = try await locked()
        defer { _ = lock }
        try await blocking {
            // Without the state those go back that are there.
            for fault in faults(packages(), try? load(), copy) where fault.remedy.isMendable {
                guard let kept = Self.whole(fault.digest, copy) else { continue }
                try disk.makeFolder("\(path)/packages")
                try disk.replace(packageFile(fault.digest), with: kept.bytes)
            }
        }
    }

    func damaged(_ names: [String], _ state: EnvironmentState?, _ copy: CopyFinder) -> [EnvironmentFinding] {
        faults(names, state, copy).map { fault in
            EnvironmentFinding(
                fault.remedy.isMendable ? .mendable : .problem, fault.message, Self.consequence(of: fault, state))
        }
    }

    /// A copy that is what it says.
    private static func whole(_ digest: String, _ copy: CopyFinder) -> PackageCopy? {
        copy(digest).flatMap { Digest.of($0.bytes) == digest ? $0 : nil }
    }

    /// What is wrong with the packages.
    private func faults(_ names: [String], _ state: EnvironmentState?, _ copy: CopyFinder) -> [Fault] {
        let needed = Set(
            (state?.operations.map(\.digest) ?? [])
                + (state?.solutions.values.flatMap { $0.layers.map(\.digest) } ?? []))
        var messages: [(digest: String, text: String)] = []
        var whole: Set<String> = []
        var blocked: Set<String> = []
        // Packages under the names of others: what is there, by the name.
        var strangers: [String: String] = [:]
        for digest in names.sorted().map({ String($0.dropLast(4)) }) {
            let file = packageFile(digest)
            do {
                // A link that leads nowhere is as good as none.
                guard let content = try Disk.read(file) else { continue }
                let there = Digest.of(content)
                guard there != digest else {
                    whole.insert(digest)
                    continue
                }
                messages.append((digest, "'\(file)' has another content than its name says: sha256 \(there)"))
                if needed.contains(there) || Self.isPackage(content) { strangers[digest] = there }
            } catch {
                messages.append((digest, "\(error)"))
                blocked.insert(digest)
            }
        }
        for digest in needed.subtracting(whole.union(messages.map(\.digest))).sorted() {
            messages.append((digest, "the package '\(packageFile(digest))' is missing"))
        }
        strangers = strangers.filter { !whole.contains($0.value) && Self.whole($0.value, copy) == nil }
        return messages.map { digest, text in
            let remedy: Remedy =
                if let own = strangers[digest] {
                    .stranger(packageFile(own))
                } else if let name = strangers.filter({ $0.value == digest }).keys.min() {
                    .misnamed(packageFile(name))
                } else if let place = Self.whole(digest, copy)?.place {
                    blocked.contains(digest) ? .removal(place) : .copy(place)
                } else {
                    .none
                }
            return Fault(digest: digest, message: text, remedy: remedy)
        }
    }

    /// Whether all of it can be read as a solution package: what is cut off or has a wrong sum is none.
    private static func isPackage(_ content: Data) -> Bool {
        (try? SolutionPackage(bytes: Array(content), file: "package")) != nil
    }

    /// What a damaged package means for those who deploy, and what to do.
    private static func consequence(of fault: Fault, _ state: EnvironmentState?) -> String {
        let advice =
            switch fault.remedy {
            case .copy(let place): "\(place) has it whole"
            case .removal(let place): "remove what is there, as \(place) has the package whole"
            case .stranger(let own):
                "what is there is another package, which nothing else has: move it to its own name, '\(own)', once what may be "
                    + "there is moved aside"
            case .misnamed(let file): "it is in '\(file)', under another name: move it back"
            case .none: "put it back from a copy"
            }
        guard let state else { return fault.remedy.isMendable ? advice : "it cannot be gone back to: \(advice)" }
        if let user = state.solutions.values.filter({ $0.digest == fault.digest })
            .min(by: { $0.solution < $1.solution })
        {
            let package =
                "it is the package of '\(user.solution)' \(user.version), which is installed: reading back fails"
            if case .none = fault.remedy {
                return "\(package), and nothing can go back to it; \(advice), or pack that version again"
            }
            return "\(package) until it is there again; \(advice)"
        }
        guard let operation = state.operations.last(where: { $0.digest == fault.digest }) else {
            if case .none = fault.remedy { return "no operation is about it" }
            return "no operation is about it; \(advice)"
        }
        let rollback = "a rollback to '\(operation.solution)' \(operation.version)"
        guard case .copy(let place) = fault.remedy else { return "\(rollback) cannot be made: \(advice)" }
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
