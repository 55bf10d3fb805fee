/// Which flows an environment wants switched on.
public struct FlowSettings: Sendable, Hashable, Codable {
    /// The state of flows that are not named; nil leaves them as packed.
    public var defaultEnabled: Bool?
    /// By name, unique name or id of the flow.
    public var enabled: [String: Bool]

    /// Settings that leave every flow as packed unless said otherwise.
    public init(defaultEnabled: Bool? = nil, enabled: [String: Bool] = [:]) {
        self.defaultEnabled = defaultEnabled
        self.enabled = enabled
    }

    /// Whether a flow is to be on; letter case does not count.
    func wants(_ flow: PackageContents.Flow) -> Bool {
        let names = Set(([flow.name, flow.id] + flow.otherNames).map { $0.lowercased() })
        return enabled.sorted { $0.key < $1.key }.first { names.contains($0.key.lowercased()) }?.value
            ?? defaultEnabled ?? flow.isOn
    }
}
