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
        /// Whether another package lies under its name, which goes to its own one.
        var makesRoom = false

        var isMendable: Bool {
            switch remedy {
            case .copy, .move: true
            case .removal, .care, .none: false
            }
        }
    }

    /// What brings a package back.
    private enum Remedy {
        /// From a place that has it whole.
        case copy(String)
        /// From the file of another one.
        case move(String)
        /// Something that is no file is in the way of the copy.
        case removal(String)
        /// What is there is another package that nothing else has, and cannot go to this file, its own, by itself.
        case care(String)
        case none
    }

    /// Puts packages back that ``examine(knowing:copy:)`` calls mendable.
    ///
    /// A package under the name of another one, which nothing else has, is moved to its own name, and never written over.
    public func putBackPackages(_ copy: @escaping CopyFinder) async throws {
        guard isThere(path) else { return }
        let lock = try await locked()
        defer { _ = lock }
        try await blocking {
            // Without the state those go back that are there.
            let plan = faults(packages(), try? load(), copy)
            for move in plan.moves { try disk.move(packageFile(move.from), to: packageFile(move.to)) }
            for fault in plan.faults {
                guard case .copy = fault.remedy, let kept = Self.whole(fault.digest, copy) else { continue }
                try disk.makeFolder("\(path)/packages")
                try disk.replace(packageFile(fault.digest), with: kept.bytes)
            }
        }
    }

    func damaged(_ names: [String], _ state: EnvironmentState?, _ copy: CopyFinder) -> [EnvironmentFinding] {
        faults(names, state, copy).faults.map { fault in
            EnvironmentFinding(
                fault.isMendable ? .mendable : .problem, fault.message, Self.consequence(of: fault, state))
        }
    }

    /// A copy that is what it says.
    private static func whole(_ digest: String, _ copy: CopyFinder) -> PackageCopy? {
        copy(digest).flatMap { Digest.of($0.bytes) == digest ? $0 : nil }
    }

    /// What is wrong with the packages, and what must be moved to its own name, in this order, before anything is written.
    private func faults(
        _ names: [String], _ state: EnvironmentState?, _ copy: CopyFinder
    ) -> (faults: [Fault], moves: [PackageMoves.Move]) {
        let needed = Set(
            (state?.operations.map(\.digest) ?? [])
                + (state?.solutions.values.flatMap { $0.layers.map(\.digest) } ?? []))
        var messages: [(digest: String, text: String)] = []
        var found = PackageMoves()
        for digest in names.sorted().map({ String($0.dropLast(4)) }) {
            let file = packageFile(digest)
            do {
                // A link that leads nowhere is as good as none.
                guard let content = try Disk.read(file) else { continue }
                let there = Digest.of(content)
                guard there != digest else {
                    found.whole.insert(digest)
                    continue
                }
                messages.append((digest, "'\(file)' has another content than its name says: sha256 \(there)"))
                let isPackage = needed.contains(there) || Self.isPackage(content)
                found.add(there, under: digest, isPackage: isPackage)
            } catch {
                messages.append((digest, "\(error)"))
                found.blocked.insert(digest)
            }
        }
        for digest in needed.subtracting(found.whole.union(messages.map(\.digest))).sorted() {
            messages.append((digest, "the package '\(packageFile(digest))' is missing"))
        }
        let wrong = Set(messages.map(\.digest))
        var places: [String: String] = [:]
        for digest in wrong { places[digest] = Self.whole(digest, copy)?.place }
        let (moves, stuck) = found.plan(wrong, hasCopy: { places[$0] != nil || Self.whole($0, copy) != nil })
        let faults = messages.map { digest, text in
            let remedy: Remedy =
                if let source = moves.first(where: { $0.to == digest })?.from {
                    .move(packageFile(source))
                } else if let own = stuck[digest] {
                    .care(packageFile(own))
                } else if let place = places[digest] {
                    found.blocked.contains(digest) ? .removal(place) : .copy(place)
                } else {
                    .none
                }
            return Fault(
                digest: digest, message: text, remedy: remedy, makesRoom: moves.contains { $0.from == digest })
        }
        return (faults, moves)
    }

    /// Whether all of it can be read as a solution package: what is cut off or has a wrong sum is none.
    private static func isPackage(_ content: Data) -> Bool {
        (try? SolutionPackage(bytes: Array(content), file: "package")) != nil
    }

    /// What a damaged package means for those who deploy, and what to do.
    private static func consequence(of fault: Fault, _ state: EnvironmentState?) -> String {
        var advice =
            switch fault.remedy {
            case .copy(let place): "\(place) has it whole"
            case .move(let file): "it is in '\(file)', under another name"
            case .removal(let place): "remove what is there, as \(place) has the package whole"
            case .care(let file):
                "what is there is another package, which nothing else has: move it aside, then to its own name '\(file)', "
                    + "and put this one back from a copy"
            case .none: "put it back from a copy"
            }
        if fault.makesRoom { advice += "; what is there is another package, which is moved to its own name" }
        guard let state else { return fault.isMendable ? advice : "it cannot be gone back to: \(advice)" }
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
            return "no operation is about it" + (fault.isMendable || fault.makesRoom ? "; \(advice)" : "")
        }
        let rollback = "a rollback to '\(operation.solution)' \(operation.version)"
        guard case .copy(let place) = fault.remedy else { return "\(rollback) cannot be made: \(advice)" }
        let room = fault.makesRoom ? "; what is there is another package, which is moved to its own name" : ""
        return "\(rollback) takes the package from \(place), which has it whole\(room)"
    }

    /// Files among the packages that are named like one.
    func packages() -> [String] {
        names(in: "packages").filter { name in
            name.hasSuffix(".zip") && name.utf8.count == 68
                && name.utf8.prefix(64).allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        }
    }
}
