import Environments
import Pipelines
import Reporting
import Stages

extension Workspace {
    /// What the environments say now of a package that is to come into one of them, which its run does not know.
    ///
    /// What cannot be looked at says nothing here; the gates look for themselves.
    func risks(of package: String?, in environment: String?) async -> [GateRisk] {
        guard let package, let environment, let after = try? environments(named: environment).first?.after,
            let place = try? environments(named: after).first,
            let there = try? await EnvironmentTargets.directory(place, root: root).state(),
            let back = there.rollback(of: package)
        else { return [] }
        return [GateRisk("rolled-back", back.rollbackText(in: after))]
    }
}
