import Documents
import Engine
import OrderedCollections
import Pipelines

/// What goes on with a run that has failed: it keeps the files that it began with, so that not every mending counts for it.
struct MendingAdvice {
    private let state: RunState
    /// Whether any file that is changed has the run refused.
    private let isBoundToFiles: Bool

    init(_ state: RunState, isBoundToFiles: Bool) {
        self.state = state
        self.isBoundToFiles = isBoundToFiles
    }

    var lines: [String] {
        let anew = "`\(state.plan.startCommand)`"
        let unseen = state.assumedEvidence
        let again = "`\(state.resumeCommand)`"
        if let refused { return refused }
        if !unseen.isEmpty, state.steps.allSatisfy({ $0.status != .failed || $0.failure?.code == Self.badEvidence }) {
            let names = unseen.map { "'\($0)'" }.joined(separator: " and ")
            let failed = state.plan.steps.filter { state[$0.id]?.status == .failed }
            return [
                "next: \(again) looks once more what \(names) has done, of which a person's word alone is no evidence; where "
                    + "it has done nothing, it is done again"
            ] + failed.compactMap { gate in state.bypassCommand(ofFailed: gate).map { "  or \($0)" } }
        }
        if state.steps.allSatisfy({ $0.status != .failed || $0.failure?.code == Self.noEvidence }) {
            let failed = state.plan.steps.filter { state[$0.id]?.status == .failed }
            let ways = OrderedSet(
                failed.map {
                    state.newRunToBeShown(at: $0)?.text
                        ?? "once the pipeline has a stage that shows it, a new run: \(anew)"
                }
            ).joined(separator: "; and ")
            return ["next: the run keeps the pipeline that it has, and fails there again: \(ways)"]
                + failed.compactMap { gate in state.bypassCommand(ofFailed: gate).map { "  or \($0)" } }
        }
        if state.steps.contains(where: { $0.status == .failed && $0.failure?.code == Self.otherFiles }) {
            return [
                "next: bring the files back as they were when the run was made, as said above, then \(again); or a new run, "
                    + "which is about the files as they are: \(anew)"
            ]
        }
        if state.steps.contains(where: { $0.status == .failed && $0.failure?.code.hasPrefix("object/") == true }) {
            return [
                "next: `almrun doctor` names the file of the object store and what to do about it, then \(again); or a new run, "
                    + "which makes it anew: \(anew)"
            ]
        }
        if state.steps.contains(where: { $0.status == .failed && $0.failure?.code == Self.damagedEnvironment }) {
            return [
                "next: `almrun doctor --repair` puts back what is whole elsewhere, and says what is not; then \(again): what "
                    + "succeeded is kept"
            ]
        }
        let outside =
            "  or, for a cause that lies outside (a service, a secret, the target): \(again); what succeeded is kept"
        if state.steps.contains(where: Self.isAboutKept) {
            return [
                "next: the run keeps the package, the pipeline, the roles and the environment files that it has: once "
                    + "these are mended, a new run: \(anew)", outside,
            ]
        }
        if isBoundToFiles {
            return [
                "next: gates are about the files that the run was made with, so the run takes up no changed files: once a file "
                    + "is mended, a new run: \(anew)", outside,
            ]
        }
        return [
            "next: mend the cause, then \(again); what succeeded is kept",
            "  or, once the pipeline, a template, the roles or an environment's file is mended, a new run: \(anew)",
        ]
    }

    /// What helps where the target refuses the package for what it is, so that neither this run nor the same one anew comes
    /// there; nil for other failures.
    private var refused: [String]? {
        let failed = zip(state.plan.steps, state.steps).filter { $1.status == .failed }
        let codes = failed.compactMap { $1.failure?.code }
        guard let code = codes.first(where: Self.refusals.contains) else { return nil }
        let others = failed.filter { $1.failure?.code != code }.map { step, _ in "'\(step.id)'" }
        let names = others.joined(separator: " and ")
        let rest = others.isEmpty ? [] : ["  what \(names) failed at is to be mended as well"]
        let how: String
        switch code {
        case "gate/replaced-too-early":
            return [
                "next: bring the package back as the note above says and let it soak; only then `almrun resume \(state.run)`, "
                    + "which fails again before"
            ] + rest
        case "environment/downgrade":
            how =
                "a higher version than is installed, in a new run; `almrun rollback` goes back to one that was there. "
                + "The same version"
        case "environment/same-version": how = "a version of its own for this content, in a new run. The same version"
        case "environment/managed-mismatch": how = "what the note above says. The same package"
        default: return nil
        }
        return [
            "next: \(how) is refused again, in a new run and by `almrun resume \(state.run)`, while that is installed"
        ] + rest
    }

    /// Whether a step failed by what no resuming of the run changes.
    private static func isAboutKept(_ known: StepState) -> Bool {
        guard known.status == .failed, let failure = known.failure else { return false }
        return kept.contains { failure.code.hasPrefix($0) }
            || failure.findings.contains { finding in
                finding.severity == .error
                    && ["environments/", "pipelines/", "templates/"].contains { finding.file?.hasPrefix($0) == true }
            }
    }

    private static let otherFiles = "run/other-files"
    private static let damagedEnvironment = "environment/damaged"
    private static let badEvidence = "gate/bad-evidence"
    private static let noEvidence = "gate/no-evidence"
    /// Codes of what refuses the package for what it is.
    private static let refusals = [
        "gate/replaced-too-early", "environment/downgrade", "environment/same-version",
        "environment/managed-mismatch",
    ]

    /// Codes, or how they begin.
    private static let kept = [
        "binding/", "settings/", "package/", "promote/no-environment", "environment/downgrade",
        "environment/managed-mismatch", "environment/packaged-reference", "environment/same-version",
        "environment/target-path", "environment/unsupported-target", "environment/version",
    ]
}
