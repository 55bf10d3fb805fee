import Documents
import Engine
import Pipelines
import Stages

/// What `almrun why` is asked about.
enum WhySubject {
    case run(OpenedRun)
    case package(PackageName)

    /// A run where there is one of that name; a package where the place is an environment and no run is meant.
    init(_ subject: String, _ place: String, in workspace: Workspace) async throws {
        let isEnvironment = workspace.planner.environmentNames.contains(place)
        let package = PackageName(subject)
        guard isEnvironment else {
            if let opened = try await Self.run(subject, in: workspace) {
                self = .run(opened)
                return
            }
            // Without a run of that name, only a package can be meant, and then the place is an environment.
            let unknown = workspace.unknownEnvironment(place)
            if package != nil { throw unknown }
            do {
                self = .run(try await OpenedRun(subject, in: workspace))
            } catch let error as RunStoreError {
                throw Rejected(
                    [Diagnostic(error.code, "\(error)", help: "`almrun runs` lists them")] + unknown.diagnostics)
            } catch let rejected as Rejected where subject != "latest" {
                throw Rejected(rejected.diagnostics + unknown.diagnostics)
            }
            return
        }
        let opened = try await Self.run(subject, in: workspace)
        guard let opened else {
            guard let package else {
                throw Rejected([
                    Diagnostic(
                        "why/unknown", "'\(subject)' is neither a run nor a package",
                        help: "a package is at least 6 digits of its digest, a .zip file, or SOLUTION@VERSION; "
                            + "`almrun runs` lists runs")
                ])
            }
            self = .package(package)
            return
        }
        let isStage = opened.state.planned(.init(place)) != nil
        if isStage, package != nil, opened.state.run.rawValue != subject {
            throw Rejected([
                Diagnostic(
                    "why/ambiguous",
                    "'\(subject)' may be run '\(opened.state.run)' or a package, and '\(place)' is a stage of the run "
                        + "and an environment",
                    help: "write the run's whole name, or the package as SOLUTION@VERSION")
            ])
        }
        if !isStage, let package { self = .package(package) } else { self = .run(opened) }
    }

    /// The run of that name; nil when there is none, or several.
    private static func run(_ name: String, in workspace: Workspace) async throws -> OpenedRun? {
        do {
            return try await OpenedRun(name, in: workspace)
        } catch let rejected as Rejected where rejected.diagnostics.first?.code == "run/unknown" {
            return nil
        } catch let error as RunStoreError {
            switch error {
            case .unknownRun, .ambiguousRun: return nil
            default: throw error
            }
        }
    }
}

extension Readiness {
    /// The status that tells a caller whether the package can go.
    var exitStatus: Int32 {
        switch standing {
        case .met: ExitStatus.done
        case .unmet: ExitStatus.waiting
        case .never: ExitStatus.rejected
        }
    }
}
