public import Documents

extension Planner {
    /// The environments whose files are sound, as one of them needs them that is to be changed.
    public struct Surroundings: Sendable {
        /// The environment itself.
        public var environment: EnvironmentFile
        /// All that can be read, by name.
        public var files: [EnvironmentFile]
        /// The names of those that the gates of the environment ask about, itself among them.
        public var needed: Set<String>
        /// What is wrong with the files of others.
        public var problems: [Diagnostic] = []
    }

    /// An environment and those around it.
    ///
    /// Throws what is wrong with its own file, with those of the environments that it comes after and with the roles, and
    /// that another one is in the same place: it would have other gates, or none. What is wrong with others is only told.
    public func surroundings(of name: String) throws(Rejected) -> Surroundings {
        let library = freshLibrary()
        _ = library.roles
        guard let file = library.environment(name, at: nil) else { throw Rejected(library.problems.sorted) }
        library.checkTargets([name])
        var chain: [EnvironmentFile] = []
        var next: EnvironmentFile? = file
        while let place = next, !chain.contains(where: { $0.name == place.name }) {
            chain.append(place)
            next = place.after.flatMap { library.environment($0, at: nil) }
        }
        var needed = Set(chain.map(\.name) + chain.compactMap(\.after))
        for approvals in file.gates.approvals {
            for case .approvers(let other) in approvals.distinctFrom { needed.insert(other) }
        }
        var found = Surroundings(environment: file, files: [file], needed: needed)
        try found.take(library.problems.sorted)
        for other in library.environmentNames where other != name {
            // What is wrong with one must not hide that another one is in the same place.
            let pair = freshLibrary()
            pair.checkTargets([name, other])
            let problems = pair.problems.sorted
            try found.take(problems)
            let isSound = !problems.contains {
                $0.severity == .error && $0.location?.source.name == Library.path(other)
            }
            if isSound, let place = pair.environment(other, at: nil) { found.files.append(place) }
        }
        found.files.sort { $0.name < $1.name }
        return found
    }
}

extension Planner.Surroundings {
    fileprivate mutating func take(_ found: [Diagnostic]) throws(Rejected) {
        let sources = Set(needed.map(Library.path) + [Library.path("roles")])
        let wrong = found.filter { problem in
            guard problem.severity == .error else { return false }
            guard problem.code != "manifest/shared-target", let source = problem.location?.source else { return true }
            return sources.contains(source.name)
        }
        guard wrong.isEmpty else { throw Rejected(wrong) }
        for problem in found
        where problem.severity == .error && !problems.contains(where: { $0.description == problem.description }) {
            problems.append(problem)
        }
    }
}

extension Library {
    /// Where the file of an environment is, or that of the roles.
    static func path(_ name: String) -> String { "environments/\(name).yaml" }
}
