public import Engine
public import Environments
import Solutions

/// Which package an environment goes back to.
public struct RollbackChoice: Sendable {
    /// What is there now.
    public let installed: InstalledSolution
    /// The deployment that is brought back.
    public let target: VerifiedDeployment
    /// Verified packages between the two by their versions, newest stay first: the target was there after each. None where a
    /// version was asked for.
    public let passedOver: [VerifiedDeployment]

    /// Picks the verified package that was there last of those older than the installed one, or the one with a version.
    ///
    /// Throws a ``Refusal`` where there is nothing to go back to.
    public init(
        in state: EnvironmentState, environment: String, solution: String? = nil, version: String? = nil
    ) throws(Refusal) {
        installed = try Self.installed(solution, in: state, environment)
        target = try Self.target(version, installed, state, environment)
        passedOver = version == nil ? Self.between(target, installed, state) : []
    }

    /// The command that brings a version back.
    public static func command(_ environment: String, to version: String, solution: String) -> String {
        "almrun rollback \(shellWord(environment)) --to \(shellWord(version)) --solution \(shellWord(solution))"
    }

    private static func between(
        _ target: VerifiedDeployment, _ installed: InstalledSolution, _ state: EnvironmentState
    ) -> [VerifiedDeployment] {
        var seen: Set<String> = []
        return state.verifiedDeployments(of: installed.solution).filter { stay in
            isLower(target.version, than: stay.version) && isLower(stay.version, than: installed.version)
                && seen.insert(stay.digest).inserted
        }
    }

    private static func installed(
        _ name: String?, in state: EnvironmentState, _ environment: String
    ) throws(Refusal) -> InstalledSolution {
        let all = state.solutions.values.sorted { $0.solution < $1.solution }
        let names = all.map(\.solution).joined(separator: ", ")
        guard let first = all.first else {
            throw Refusal(
                "rollback/nothing-installed", "nothing is installed in '\(environment)'",
                notes: ["a rollback brings back what was there before; `almrun run` deploys"])
        }
        guard let name else {
            guard all.count == 1 else {
                throw Refusal(
                    "rollback/several-solutions", "\(all.count) solutions are installed in '\(environment)': \(names)",
                    notes: ["say which one with --solution NAME"])
            }
            return first
        }
        guard let found = all.first(where: { $0.solution.lowercased() == name.lowercased() }) else {
            throw Refusal(
                "rollback/unknown-solution", "no solution '\(name)' is installed in '\(environment)'",
                notes: ["installed: \(names)"])
        }
        return found
    }

    private static func target(
        _ wanted: String?, _ installed: InstalledSolution, _ state: EnvironmentState, _ environment: String
    ) throws(Refusal) -> VerifiedDeployment {
        let verified = state.verifiedDeployments(of: installed.solution)
        let others = verified.filter { $0.digest != installed.digest }
        guard let wanted else {
            let older = others.first { isLower($0.version, than: installed.version) }
            guard let older else {
                throw Refusal(
                    "rollback/nothing-before",
                    "no earlier package of '\(installed.solution)' was deployed and verified in '\(environment)'",
                    notes: ["installed: \(installed.version), sha256 \(installed.digest.prefix(12))"]
                        + list(others)
                        + (others.first.map {
                            [
                                "to one that is no earlier: `"
                                    + command(environment, to: $0.version, solution: installed.solution) + "`"
                            ]
                        } ?? []))
            }
            return older
        }
        guard let version = SolutionVersion(wanted) else {
            throw Refusal("rollback/version", "'\(wanted)' is not a version such as 1.2.0.0", notes: list(others))
        }
        if let found = others.first(where: { SolutionVersion($0.version) == version }) { return found }
        if SolutionVersion(installed.version) == version {
            throw Refusal(
                "rollback/installed",
                "'\(installed.solution)' \(installed.version) is installed in '\(environment)' now",
                notes: list(others))
        }
        throw Refusal(
            "rollback/never-verified",
            "'\(installed.solution)' \(version) was never deployed and verified in '\(environment)'",
            notes: list(others))
    }

    private static func isLower(_ version: String, than other: String) -> Bool {
        guard let left = SolutionVersion(version), let right = SolutionVersion(other) else { return false }
        return left < right
    }

    /// What was verified there and can be asked for.
    private static func list(_ deployments: [VerifiedDeployment]) -> [String] {
        guard !deployments.isEmpty else { return ["no other version was ever verified there"] }
        var versions: [String] = []
        for deployment in deployments where !versions.contains(deployment.version) {
            versions.append(deployment.version)
        }
        return ["verified there: \(versions.joined(separator: ", "))"]
    }
}
