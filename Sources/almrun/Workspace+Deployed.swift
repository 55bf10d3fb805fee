import Engine
import Environments
import Foundation
import Pipelines
import RunStorage
import Stages

extension Workspace {
    /// The packages that the embedded environments know; throws when one of them cannot be read.
    func deployedPackages(
        unread: ((_ environment: String, any Error) -> Void)? = nil
    ) async throws -> DeployedPackages {
        var packages = DeployedPackages()
        var files: [EnvironmentFile] = []
        if let unread {
            for name in planner.environmentNames {
                do { files += try environments(named: name) } catch { unread(name, error) }
            }
        } else {
            files = try environments(named: nil)
        }
        packages.approversOf = approversOf(files)
        for file in files {
            guard case .directory = file.target else { continue }
            let state: EnvironmentState
            do {
                state = try await EnvironmentTargets.directory(file, root: root).state()
            } catch {
                guard let unread else { throw error }
                unread(file.name, error)
                continue
            }
            for solution in state.solutions.values {
                for operation in state.operations(thatBrought: solution) {
                    packages.operations[operation.token.rawValue] =
                        "brought \(solution.solution) \(operation.version) into '\(file.name)', where it is installed"
                }
                // Where there is nothing to go back to, nothing is needed for it.
                if let choice = try? RollbackChoice(
                    in: state, environment: file.name, solution: solution.solution)
                {
                    packages.needed.insert(choice.target.digest)
                    for operation in state.operations(of: choice.target) {
                        packages.operations[operation.token.rawValue] =
                            "brought \(solution.solution) \(operation.version) into '\(file.name)', which a rollback goes back to"
                    }
                }
                packages.returns += returns(from: solution, in: state, of: file)
                packages.needed.insert(solution.digest)
                packages.known.formUnion(solution.layers.map(\.digest))
                // The installed one, and the one before it.
                packages.needed.formUnion(
                    state.verifiedDeployments(of: solution.solution).prefix(2).map(\.digest))
            }
            packages.known.formUnion(state.operations.map(\.digest))
        }
        packages.known.formUnion(packages.needed)
        return packages
    }

    /// The folders of the embedded environments.
    func environmentFolders() throws -> [String] {
        try environments(named: nil).compactMap { file in
            guard case .directory = file.target else { return nil }
            return try EnvironmentTargets.directory(file, root: root).path
        }
    }
}

extension Workspace {
    /// The packages that an environment can go back to from an installed one, each once, newest stay first.
    private func returns(
        from installed: InstalledSolution, in state: EnvironmentState, of file: EnvironmentFile
    ) -> [PackageReturn] {
        var seen: Set<String> = [installed.digest]
        return state.verifiedDeployments(of: installed.solution).filter { seen.insert($0.digest).inserted }.map {
            stay in
            PackageReturn(
                environment: file.name, solution: stay.solution, version: stay.version, digest: stay.digest,
                leavesOutCommitters: file.gates.approvals.contains { $0.distinctFrom.contains(.committers) },
                evidence: file.gates.evidence)
        }
    }

    /// The environments of which a gate of the files asks who approved for them; nil where an `approval.wait` asks, which may
    /// be given any.
    private func approversOf(_ files: [EnvironmentFile]) -> Set<String>? {
        for folder in ["pipelines", "templates"] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
            where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                // What cannot be read may ask.
                let text = try? String(contentsOfFile: "\(root)/\(folder)/\(name)", encoding: .utf8)
                if text?.contains("approvers-of") != false { return nil }
            }
        }
        var found: Set<String> = []
        for policy in files.flatMap(\.gates.approvals) {
            for case .approvers(let name) in policy.distinctFrom { found.insert(name) }
        }
        return found
    }
}

extension EnvironmentState {
    /// The operations of the installed package since it last took the place of another one.
    fileprivate func operations(thatBrought installed: InstalledSolution) -> [Operation] {
        let own = operations.filter { $0.solution == installed.solution }
        return own.reversed().prefix { $0.digest == installed.digest }.filter { $0.action != .nothing }
    }

    /// The operations of a deployment.
    fileprivate func operations(of deployment: VerifiedDeployment) -> [Operation] {
        operations.filter { operation in
            operation.action != .nothing && operation.solution == deployment.solution
                && operation.digest == deployment.digest
                && operation.at >= deployment.deployed && deployment.replaced.map { operation.at < $0 } ?? true
        }
    }
}
