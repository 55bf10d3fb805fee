public import Documents
public import Engine
public import Pipelines

public import struct Foundation.Date

extension GateBrief {
    /// What a stage found out, or that it did not end well.
    public struct Result: Sendable, Hashable {
        public var run: RunID
        public var step: StepID
        /// `diff`, `lint` or `test`; `stage` or `gate` for other steps, which are results only when they did not end well.
        public var kind: String
        public var status: StepStatus
        public var text: String
        /// When it was made; that of a reused result is when it was first made.
        public var made: Date?
        public var numbers: Value
        /// Digest of the whole report in the object store.
        public var report: String?
        /// The breaking changes of a comparison, one line each.
        public var details: [String] = []

        public var isGood: Bool { status.isGood }
    }

    /// What the stages of a run show, what did not end well first.
    static func results(of state: RunState, beside gate: Step? = nil, objects: ObjectStore?) -> [Result] {
        var bad: [Result] = []
        var good: [Result] = []
        let opened = Set(state.openedMeanwhile)
        for (step, known) in zip(state.plan.steps, state.steps) where step.id != gate?.id {
            if known.status == .failed || known.status == .rejected {
                var result = failure(step, known, in: state.run)
                if opened.contains(step.id) {
                    let people = state.bypasses(at: step).map(\.person).joined(separator: " and ")
                    result.text += "; bypassed by \(people) since: \(state.way(pastOpened: step.id))"
                }
                bad.append(result)
            } else if let result = found(step, known, in: state, objects) {
                good.append(result)
            }
        }
        return bad + good
    }

    /// What kind of result a kind of stage gives; nil for none.
    static func word(for kind: String) -> String? {
        switch kind {
        case "openapi.diff": "diff"
        case "openapi.lint": "lint"
        case "connector.test": "test"
        default: nil
        }
    }

    private static func failure(_ step: Step, _ known: StepState, in run: RunID) -> Result {
        let kind: String
        switch step.work {
        case .stage(let name): kind = word(for: name) ?? "stage"
        case .gate: kind = "gate"
        }
        let text: String
        switch known.reason {
        case .failed(let failure)?: text = "\(failure.message) [\(failure.code)]"
        case .rejected(let why)?: text = why
        default: text = "it is \(known.status.rawValue)"
        }
        return Result(
            run: run, step: step.id, kind: kind, status: known.status, text: text, made: known.ended, numbers: [:])
    }

    private static func found(
        _ step: Step, _ known: StepState, in state: RunState, _ objects: ObjectStore?
    ) -> Result? {
        guard case .stage(let kind) = step.work, let word = word(for: kind), known.status.isGood,
            let output = known.output
        else { return nil }
        func count(_ name: String) -> Int { output[name]?.integer ?? 0 }
        func counted(_ name: String, _ thing: String) -> String {
            "\(count(name)) \(thing)\(count(name) == 1 ? "" : "s")"
        }
        let (text, names): (String, [String])
        switch word {
        case "diff":
            let level = output["level"]?.string ?? "unknown"
            text =
                output["first"]?.boolean == true
                ? output["absence"]?.string.map { "nothing was compared: \($0)" }
                    ?? "the first release: there is nothing to compare with"
                : "\(level): \(counted("changes", "change")), \(count("breaking")) breaking"
                    + (output["baseCommit"]?.string.map { " since commit \($0.prefix(12))" } ?? "")
            names = [
                "level", "first", "absence", "changes", "breaking", "neededVersion", "baseCommit", "baseIsAncestor",
                "baseIsOwnCommit",
            ]
        case "lint":
            text = "\(counted("errors", "error")), \(counted("warnings", "warning"))"
            names = ["errors", "warnings", "findings"]
        default:
            let coverage = output["coverage"]?.double.map { ", coverage \(Int(($0 * 100).rounded())) %" } ?? ""
            text = "\(counted("cases", "case")), \(count("failed")) failed\(coverage)"
            names = ["cases", "failed", "success", "coverage", "readP95", "writeP95"]
        }
        let isTold = names.contains { output[$0] != nil }
        var made = known.ended
        if case .reused(let earlier) = known.reason { made = earlier.time }
        let report = output["report"]?.string
        return Result(
            run: state.run, step: step.id, kind: word, status: known.status, text: isTold ? text : "ended well",
            made: made,
            numbers: Value(members: names.map { ($0, output[$0]) }), report: report,
            details: word == "diff" && count("breaking") > 0 ? breakingChanges(report, objects) : [])
    }

    /// The breaking changes of a comparison that nobody has accepted; none where its report is gone.
    private static func breakingChanges(_ report: String?, _ objects: ObjectStore?) -> [String] {
        guard let report, let bytes = try? objects?.read(report),
            let changes = (try? Value(json: String(decoding: bytes, as: UTF8.self)))?["changes"]?.list
        else { return [] }
        return changes.filter { $0["level"]?.string == "breaking" }.compactMap { change in
            change["message"]?.string.map { $0 + (change["isApproved"]?.boolean == true ? " (accepted)" : "") }
        }
    }
}

extension GateBrief.Result {
    /// Where it is from, such as `test of run release-1, 3 d ago`.
    func origin(in own: RunID, now: Date) -> String {
        guard run != own else { return step.rawValue }
        let age = made.map { ", \(DurationText.of(now.timeIntervalSince($0))) ago" } ?? ""
        return "\(step) of run \(run)\(age)"
    }

    /// For programs.
    var value: Value {
        Value(members: [
            ("run", .string(run.rawValue)), ("step", .string(step.rawValue)), ("kind", .string(kind)),
            ("status", .string(status.rawValue)), ("text", .string(text)),
            ("made", made.map { .string(Timestamp.text(of: $0)) }), ("numbers", numbers),
            ("report", report.map { .string($0) }),
            ("breaking", details.isEmpty ? nil : .list(details.map { .string($0) })),
        ])
    }
}
