extension Reference: CustomStringConvertible {
    /// Reads the path of a reference as it stands in a plan, such as `stages.prod/rebind.settings`.
    public init?(_ path: String) {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        switch parts[0] {
        case "stages" where parts.count >= 3:
            self = .output(StepID(parts[1]), name: parts[2], path: Array(parts[3...]))
        case "run" where parts.count == 2:
            guard let property = RunProperty(rawValue: parts[1]) else { return nil }
            self = .run(property)
        case "secrets" where parts.count == 2: self = .secret(parts[1])
        default: return nil
        }
    }

    /// The path, such as `stages.pack.package.digest`.
    public var description: String {
        switch self {
        case .output(let step, let name, let path): (["stages", step.rawValue, name] + path).joined(separator: ".")
        case .run(let property): "run.\(property.rawValue)"
        case .secret(let name): "secrets.\(name)"
        }
    }
}
