import Documents
import Engine
public import Environments
import Foundation
import Pipelines
import Solutions

/// What is there already, and where the package has been.
extension ReadinessFacts {
    var versionCondition: ReadinessCondition {
        let name = environment.name
        guard let solution = package.solution, let version = package.version else {
            return ReadinessCondition(.version, .met, "nobody knows which solution it is, so nothing is compared")
        }
        guard let installed = here.solutions[solution] else {
            return ReadinessCondition(.version, .met, "\(solution) is not installed in '\(name)' yet")
        }
        if installed.digest == package.digest {
            let since = Timestamp.text(of: installed.installed)
            return ReadinessCondition(.version, .met, "this very package is installed there already, since \(since)")
        }
        if let contents = package.contents, contents.isManaged != installed.isManaged {
            let (there, offered) = installed.isManaged ? ("managed", "unmanaged") : ("unmanaged", "managed")
            return ReadinessCondition(
                .version, .never, "\(solution) is installed there \(there), and this package is \(offered)")
        }
        guard let old = SolutionVersion(installed.version), let new = SolutionVersion(version) else {
            return ReadinessCondition(
                .version, .never, "'\(version)' and the installed '\(installed.version)' cannot be compared")
        }
        if old == new {
            return ReadinessCondition(
                .version, .never,
                "\(solution) \(installed.version) is installed there with another content (sha256 "
                    + "\(installed.digest.prefix(12))): new content needs a version of its own")
        }
        guard new < old else {
            return ReadinessCondition(.version, .met, "\(version) would take the place of \(installed.version)")
        }
        if isRollback {
            let run = openRollback.map { ", as run \($0.run) asks" } ?? ""
            return ReadinessCondition(.version, .met, "goes back from \(installed.version) to \(version)\(run)")
        }
        return ReadinessCondition(
            .version, .never, "\(installed.version) is installed there, which is newer than \(version)",
            command: rollback)
    }

    /// That the runs which would deploy the package cannot read it any more; none where they can, or where there is none.
    var packageConditions: [ReadinessCondition] {
        for run in open + [ended].compactMap({ $0 }) {
            for case .unknown(let failure)? in run.plan.steps.map({ present[run.run]?[$0.id] })
            where failure.code.hasPrefix("object/") {
                return [
                    ReadinessCondition(
                        .package, .unmet, "\(failure.message), and run \(run.run) would fail there",
                        command: "almrun doctor")
                ]
            }
        }
        return []
    }

    /// That the environment binds all that the package needs.
    var bindingConditions: [ReadinessCondition] {
        guard let judged = judgedBinding else { return [] }
        let secrets = missingSecrets.map { ReadinessCondition(.bindings, .unmet, $0.text, command: $0.remedy) }
        let by = judged.pipeline.map { pipelines.count > 1 ? " by pipeline '\($0)'" : "" } ?? ""
        guard let first = judged.faults.first else {
            // A run that has begun is bound by what it keeps: what a new one would find is a note.
            let others =
                judged.pipeline == nil
                ? []
                : pipelines.filter { $0 != judged.pipeline }.compactMap { other in
                    faults(ofBindingBy: other)?.first.map { "; not by pipeline '\(other)': \($0)" }
                }
            let text = "all that it needs is bound" + (others.isEmpty ? "" : by) + others.joined()
            return secrets.isEmpty ? [ReadinessCondition(.bindings, .met, text)] : secrets
        }
        let more = judged.faults.count > 1 ? "; and \(judged.faults.count - 1) more" : ""
        return [
            ReadinessCondition(
                .bindings, .unmet,
                first + more + (by.isEmpty ? "" : ", so that it is refused\(by)")
                    + ": a new run reads the environment's file anew",
                command: "almrun rebind PACKAGE.zip --environment \(shellWord(environment.name))")
        ] + secrets
    }

    /// Why it cannot be bound on the way by which it comes here, with the pipeline where that is a new run; nil where no stage
    /// takes its bindings from the files.
    var judgedBinding: (faults: [String], pipeline: String?)? {
        if let unbound { return (unbound, nil) }
        let run = openHere ?? endedToTakeUp
        if let run, !isInVain(run) { return unboundIn[run.run].map { ($0, nil) } }
        guard let pipeline = (run.map(pipelines(insteadOf:)) ?? starters).first else { return nil }
        return faults(ofBindingBy: pipeline).map { ($0, pipeline) }
    }

    /// The pipelines to start where a run comes here no more: its own, where that would not be refused.
    func pipelines(insteadOf run: RunState) -> [String] {
        let own = run.plan.pipeline
        // Nobody starts a rollback by the name of a pipeline.
        guard !run.plan.isRollback else { return starters }
        return isBound(own) && unshown(by: own).isEmpty ? [own] : starters
    }

    /// Whether nothing is known for which a new run of a pipeline would be refused when it binds.
    func isBound(_ pipeline: String) -> Bool { faults(ofBindingBy: pipeline)?.isEmpty ?? true }

    /// Why a new run of a pipeline could not bind it, here or in an environment to which it comes before.
    func faults(ofBindingBy pipeline: String) -> [String]? {
        unboundBy[pipeline].map { found in
            found.filter { $0.key == environment.name || comesTo($0.key) }.flatMap(\.value)
        }
    }

    /// That it was in the environment before, and for how long.
    var originConditions: [ReadinessCondition] {
        guard let after = environment.after else { return [] }
        let stays = before?.verifiedDeployments(ofPackage: package.digest) ?? []
        let soak = environment.gates.soak
        guard let newest = stays.first else {
            let never = ReadinessCondition(
                .after, .unmet, "it was never deployed and verified in '\(after)'",
                command: "almrun why \(package.digest.prefix(12)) \(shellWord(after))")
            guard soak > 0 else { return [never] }
            let until = now.addingTimeInterval(soak)
            let wait = "it must live in '\(after)' for \(Self.words(soak)), once it is verified there"
            return [never, ReadinessCondition(.soak, .unmet, wait, notBefore: until)]
        }
        let back =
            (takenBack[after] ?? before?.rollback(of: package.digest)?.rollbackText(in: after)).map { "; \($0)" } ?? ""
        let verified = ReadinessCondition(
            .after, .met, "deployed and verified in '\(after)' on \(Timestamp.text(of: newest.deployed))\(back)")
        guard soak > 0 else { return [verified] }
        let wanted = Self.words(soak)
        switch Eligibility(anyOf: stays, soak: soak, now: now) {
        case .eligible(let stay):
            return [
                verified,
                ReadinessCondition(
                    .soak, .met, "it has lived in '\(after)' for \(Self.words(stay.lived(until: now))) of \(wanted)"),
            ]
        case .soaking(let stay, let until):
            return [
                verified,
                ReadinessCondition(
                    .soak, .unmet, "it has lived in '\(after)' for \(Self.words(stay.lived(until: now))) of \(wanted)",
                    notBefore: until),
            ]
        case .replacedTooEarly(let stay):
            return [
                verified,
                ReadinessCondition(
                    .soak, .unmet,
                    "it lived in '\(after)' for \(Self.words(stay.lived(until: now))) of \(wanted), and was replaced; back "
                        + "there, it must stay for \(wanted) before it comes here", command: wayBack),
            ]
        case .notVerified: return [verified]
        }
    }

    /// The command that brings it back to the environment before, where a newer package took its place too early; nil where
    /// no rollback does.
    var wayBack: String? {
        guard let after = environment.after, let before, let solution = package.solution, let version = package.version
        else { return nil }
        return before.wayBack(to: package.digest, solution: solution, version: version, in: after)
    }

    /// Such as `1 d 4 h`.
    static func words(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min" }
        if whole < 86_400 {
            return whole % 3600 < 60 ? "\(whole / 3600) h" : "\(whole / 3600) h \(whole / 60 % 60) min"
        }
        return whole % 86_400 < 3600 ? "\(whole / 86_400) d" : "\(whole / 86_400) d \(whole / 3600 % 24) h"
    }
}

extension EnvironmentState.Operation {
    /// That it took a newer package away.
    public func rollbackText(in environment: String) -> String {
        "in '\(environment)' it was rolled back to \(version) by \(by), \(Timestamp.text(of: at))"
    }
}
