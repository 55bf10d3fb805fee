extension DirectoryEnvironment {
    /// The plan of a deployment; where it is about values of secrets and the environment has no key yet, with `makingKey`
    /// one is made first, so that another value is another plan from the first installation on.
    ///
    /// Nothing else is written, and without `makingKey` nothing at all.
    public func plan(
        _ package: PackageContents, settings: EnvironmentSettings, flows: FlowSettings, options: DeploymentOptions,
        makingKey: Bool
    ) async throws -> DeploymentPlan {
        let (plan, isBlind) = try await blocking { try planned(package, settings, flows, options) }
        guard makingKey, isBlind else { return plan }
        try await makeKey()
        return try await blocking { try planned(package, settings, flows, options).plan }
    }

    /// The plan, and whether it cannot tell one value of a secret from another.
    private func planned(
        _ package: PackageContents, _ settings: EnvironmentSettings, _ flows: FlowSettings, _ options: DeploymentOptions
    ) throws -> (plan: DeploymentPlan, isBlind: Bool) {
        let state = try load()
        let plan = try DeploymentPlanner(
            state: state, package: package, settings: settings, flows: flows, options: options, reveal: reveal
        ).plan()
        guard state.key.isEmpty else { return (plan, false) }
        let texts = plan.desired.connections.values.map(\.connection) + plan.desired.variables.values
        return (plan, try texts.contains { try reveal($0) != $0 })
    }

    /// Makes the key of an environment that has none, and the environment, empty as it is.
    private func makeKey() async throws {
        try await blocking {
            try disk.makeFolder(path)
            // Whoever made it may have died before its name was on the disk.
            try disk.syncFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        }
        let lock = try await locked()
        defer { _ = lock }
        try await blocking {
            var state = try load()
            // Somebody may have been faster.
            guard state.key.isEmpty else { return }
            state.key = Self.newKey()
            try disk.replace(stateFile, with: StateCoding.readable(state))
        }
    }
}
