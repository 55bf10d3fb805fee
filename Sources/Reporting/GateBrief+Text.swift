public import Documents
import Engine
import Pipelines

extension GateBrief {
    /// The brief in lines for people, the most important first.
    /// - Parameters:
    ///   - most: How many of the deployment's changes are shown.
    ///   - mostDetails: How many breaking changes of a comparison.
    public func lines(changes most: Int = 8, details mostDetails: Int = 3) -> [String] {
        var rows: [(String, String)] = []
        if let package {
            let name = [solution, version].compactMap { $0 }.joined(separator: " ")
            rows.append(("package", "\(name.isEmpty ? "" : name + "  ")sha256 \(package)"))
        }
        rows.append(("asked", asked))
        if !askedAnew.isEmpty { rows.append(("asked anew", askedAnew.joined(separator: ", "))) }
        rows += failures
        if let preview {
            rows.append(("plan", preview.summary + (preview.plan.map { " (\($0.prefix(12)))" } ?? "")))
            rows += preview.changes.prefix(most).map { ("", "  \($0)") }
            if preview.changes.count > most { rows.append(("", "  ... and \(preview.changes.count - most) more")) }
        }
        rows += shown(details: mostDetails)
        rows += standing()
        rows += otherRisks.map { ("risk", $0.text) }
        rows += voidDecisions.map { ("void", $0) }
        if let question {
            let given = question.given.isEmpty ? "" : " by \(question.given.map(\.person).joined(separator: ", "))"
            let may = question.may.isEmpty ? "nobody else may" : "may: \(question.may.joined(separator: ", "))"
            rows.append(
                (
                    "approvals",
                    "\(question.given.count) of \(question.policy.count) '\(question.policy.role)'\(given); \(may)"
                        + (question.policy.signed == .required ? "; signed" : "")
                ))
            if !question.leftOut.isEmpty {
                let people = question.peopleLeftOut.map { why, people in
                    "\(people.joined(separator: " and ")), who \(why.phrase)"
                }
                rows.append(("left out", people.joined(separator: "; ")))
            }
        }
        if let pendingBypass, pendingBypass.given.isEmpty {
            rows.append(("bypass", pendingBypass.text))
        } else if let pendingBypass {
            let may =
                pendingBypass.may.isEmpty ? "nobody else may" : "may: \(pendingBypass.may.joined(separator: ", "))"
            let given = pendingBypass.given.map { "\($0.person)\($0.comment.map { ": \($0)" } ?? "")" }
            rows.append(
                (
                    "bypass",
                    "by \(given.joined(separator: "; ")); one more of '\(pendingBypass.role)' must bypass it; \(may)"
                ))
        }
        if let instructions { rows.append(("read", instructions)) }
        if question != nil || pendingBypass != nil { rows += commands.map { ($0.word, $0.command) } }
        return rows.map { word, text in
            let text = word == "read" ? InstructionText.of(text, indent: 11) : safeText(text)
            return (word + String(repeating: " ", count: max(1, 11 - word.count)) + text).trimmingTrailingSpaces
        }
    }

    /// The results that did not end well.
    var failures: [(String, String)] {
        results.filter { !$0.isGood }.map {
            ($0.status == .failed ? "FAILED" : "REJECTED", "\($0.origin(in: run, now: now)): \($0.text)")
        }
    }

    /// The results that ended well, with some of what each is about.
    func shown(details most: Int) -> [(String, String)] {
        results.filter(\.isGood).flatMap { result in
            var rows = [(result.kind, "\(result.text) (\(result.origin(in: run, now: now)))")]
            rows += result.details.prefix(most).map { ("", "  breaking: \($0)") }
            if result.details.count > most {
                rows.append(("", "  ... and \(result.details.count - most) more: almrun show \(run) --gate \(gate)"))
            }
            return rows
        }
    }

    /// What else stands before the deployment: each thing that is not met, and in one line what is.
    ///
    /// - Parameter isShown: Whether the evidence is said elsewhere, so that only what follows from it is left to say.
    func standing(evidence isShown: Bool = false) -> [(String, String)] {
        var rows = conditions.filter { !$0.isMet }.map { condition in
            let text =
                isShown && condition.kind == "evidence" ? condition.consequence ?? condition.text : condition.text
            return ("unmet", condition.line(text))
        }
        rows += conditions.filter(\.isBypassed).map { ("bypassed", "\($0.text) (\($0.gate))") }
        let met = conditions.filter { $0.isMet && !$0.isBypassed && !(isShown && $0.kind == "evidence") }.map(\.text)
        if !met.isEmpty { rows.append(("met", met.joined(separator: "; "))) }
        return rows
    }

    /// The risks that no line of a result says already.
    var otherRisks: [GateRisk] { risks.filter { $0.code != GateRisk.failed } }

    private var asked: String {
        var text = "by \(requester)" + commits
        if let since = question?.since { text += ", waits since \(Timestamp.text(of: since))" }
        if let until = question?.until { text += ", open until \(Timestamp.text(of: until))" }
        return text + (reason.map { ": \($0)" } ?? "")
    }

    /// Everything for programs.
    public var value: Value {
        let head: [(String, Value?)] = [
            ("run", .string(run.rawValue)), ("pipeline", .string(pipeline)), ("gate", .string(gate.rawValue)),
            ("stage", stage.map { .string($0.rawValue) }), ("environment", environment.map { .string($0) }),
            ("requester", .string(requester)), ("commit", commit.map { .string($0) }),
            ("package", package.map { .string($0) }), ("solution", solution.map { .string($0) }),
            ("version", version.map { .string($0) }),
            ("since", question?.since.map { .string(Timestamp.text(of: $0)) }),
            ("until", question?.until.map { .string(Timestamp.text(of: $0)) }),
            ("role", question.map { .string($0.policy.role) }),
            ("missing", question.map { .integer($0.missing) }),
            ("mayDecide", question.map { .list($0.may.map { .string($0) }) }),
            ("leftOut", question.map { .list($0.leftOut.map(\.value)) }),
            (
                "bypassedBy",
                pendingBypass.map { .list($0.given.map { .string($0.person) }) }
            ),
            ("mayBypass", pendingBypass.map { .list($0.may.map { .string($0) }) }),
            ("approvedBy", question.map { .list($0.given.map { .string($0.person) }) }),
            ("signed", question.map { .string($0.policy.signed.rawValue) }),
            // Types of ours have no value that cannot be written, so a failure to encode leaves nothing out.
            ("plan", preview.flatMap { try? ValueEncoder().encode($0) }),
            ("reason", reason.map { .string($0) }),
            ("askedAnew", askedAnew.isEmpty ? nil : .list(askedAnew.map { .string($0) })),
        ]
        let tail: [(String, Value?)] = [
            ("instructions", instructions.map { .string($0) }),
            ("commands", Value(members: commands.map { ($0.word, .string($0.command)) })),
        ]
        return Value(members: head + facts + tail)
    }

    /// What `inbox` and `show --gate` say alike.
    var facts: [(String, Value?)] {
        [
            ("inputs", .map(inputs)), ("results", .list(results.map(\.value))),
            ("conditions", .list(conditions.map(\.value))),
            (
                "risks",
                .list(risks.map { Value(members: [("code", .string($0.code)), ("text", .string($0.text))]) })
            ),
            ("void", voidDecisions.isEmpty ? nil : .list(voidDecisions.map { .string($0) })),
        ]
    }
}
