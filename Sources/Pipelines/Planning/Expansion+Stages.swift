import Documents
import OrderedCollections

extension Expansion {
    /// Adds the draft of one stage.
    func expandStage(_ kind: String, at kindNode: Node, _ instance: Frame.Instance, in frame: Frame) {
        let entry = frame.entries[instance.entry]
        guard let description = library.kinds[kind] else {
            problems.unknown(
                "unknown-kind", "unknown stage kind '\(kind)'", word: kind, among: library.kindNames,
                at: kindNode.location, otherwise: "'almrun stages' lists them")
            return checkNeeds(of: instance.entry, in: frame)
        }
        var scope = Scope(frame: frame, item: instance.item, isFinally: frame.isFinally || entry.isFinally)
        readEnvironment(of: entry, description, kindNode, &scope)
        let (input, uses) = input(of: entry, instance.id, description, kindNode, scope)
        var draft = Draft(
            id: instance.id, frame: frame, entry: instance.entry, item: instance.item, kind: kind,
            effect: effect(description, input), environment: scope.environment?.name,
            changesEnvironment: description.environment == .changes, input: input, uses: uses,
            condition: frame.condition,
            conditionUses: frame.conditionUses, retry: retry(entry, scope), timeout: timeout(entry, scope),
            pool: pool(entry, scope) ?? frame.pool, isFinally: scope.isFinally, location: entry.keyNode.location)
        if let when = entry.when, let (condition, uses) = condition(when, scope) {
            draft.condition = draft.condition.map { both($0, condition) } ?? condition
            draft.conditionUses += uses
            note(uses, of: instance.entry, in: frame)
        }
        note(draft.uses, of: instance.entry, in: frame)
        noteNeeds(instance.entry, in: frame)
        if kind == StageDescription.approvalWait.kind {
            draft.policy = policy(of: entry, draft.input)
            if let node = entry.timeout {
                problems.report(
                    "approval-timeout", "an approval has no 'timeout'", at: node.location,
                    help: "the input 'expires' says when the question is void")
            }
            refuseToAsk(draft, at: kindNode)
        } else if description.environment == .changes, let environment = scope.environment {
            refuseGates(of: environment, before: draft, at: entry.environment?.value ?? kindNode)
        }
        // A key that stands twice was reported when the file was read.
        guard frame.index[entry.name] == instance.entry else { return }
        if let first = positions[draft.id] {
            problems.report(
                "duplicate-name", "there are two steps '\(draft.id)'", at: draft.location,
                notes: [Diagnostic.Note("the first is here", at: drafts[first].location)])
            return
        }
        warnOfCleanup(draft, description, entry)
        warnOfRetry(draft, description, entry)
        positions[draft.id] = drafts.count
        drafts.append(draft)
    }

    /// A cancelled run could not end before people have answered, who are not asked any more.
    private func refuseToAsk(_ draft: Draft, at kindNode: Node) {
        // A template that is looked at by itself may be used under `stages`.
        guard draft.isFinally, !isAlone else { return }
        problems.report(
            "cleanup-asks", "'\(draft.id)' stands under 'finally', and cleaning up asks nobody",
            at: kindNode.location, help: "put it under 'stages', where what comes after it needs it")
    }

    /// Nor could it end while a deployment under `finally` waits for people or for a time.
    private func refuseGates(of environment: EnvironmentFile, before draft: Draft, at node: Node) {
        let gates = environment.gates
        let asked = [
            ("soak", gates.soak > 0), ("evidence", gates.evidence != nil), ("approvals", !gates.approvals.isEmpty),
            ("windows", !gates.windows.isEmpty), ("freezes", !gates.freezes.isEmpty),
        ].filter(\.1).map { "'\($0.0)'" }
        guard draft.isFinally, !isAlone, !asked.isEmpty else { return }
        problems.report(
            "cleanup-asks",
            "'\(draft.id)' stands under 'finally', and cleaning up waits for nobody: the gates of environment "
                + "'\(environment.name)' have \(asked.joined(separator: ", "))",
            at: node.location,
            help: "put it under 'stages', where what comes after it needs it, or name an environment without such gates"
        )
    }

    /// A command under `finally` that counts as done once, and of which nobody can ask whether it was, keeps a cancelled run
    /// waiting when it is cut off.
    private func warnOfCleanup(_ draft: Draft, _ description: StageDescription, _ entry: StageEntry) {
        guard draft.isFinally, draft.effect == .once, saysNothing(entry, description) else { return }
        let name = StageDescription.effectInput
        problems.add(
            Diagnostic(
                "manifest/cleanup-once", .warning,
                "where '\(draft.id)' is cut off, a person has to say before the run can end whether it was done",
                at: draft.location,
                help: "'\(name): repeatable' under 'with' says that doing it again does no harm, "
                    + "'\(name): once' that it is meant; a 'probe' finds out"))
    }

    /// What is tried again after other failures is never tried again when its time is up, where nobody can ask what it did.
    private func warnOfRetry(_ draft: Draft, _ description: StageDescription, _ entry: StageEntry) {
        guard draft.effect == .once, draft.timeout != nil, let retry = draft.retry, retry.attempts > 1,
            saysNothing(entry, description)
        else { return }
        let name = StageDescription.effectInput
        problems.add(
            Diagnostic(
                "manifest/retry-once", .warning,
                "where '\(draft.id)' takes longer than its 'timeout', 'retry' does not try it again: a person has to say "
                    + "whether it was done",
                at: entry.retry?.anchor ?? draft.location,
                help: "'\(name): repeatable' under 'with' says that doing it again does no harm, "
                    + "'\(name): once' that it is meant; a 'probe' finds out"))
    }

    /// Whether a stage that may say what it changes says nothing, and nobody can ask it either.
    private func saysNothing(_ entry: StageEntry, _ description: StageDescription) -> Bool {
        description.choosesEffect
            && !entry.with.contains { $0.key == StageDescription.effectInput || $0.key == "probe" }
    }

    /// The kind's effect, unless the stage itself says that it may be done again.
    private func effect(_ description: StageDescription, _ input: Argument) -> StageDescription.Effect {
        guard description.choosesEffect, case .map(let members) = input,
            let said = members[StageDescription.effectInput]?.literal?.string, ["none", "repeatable"].contains(said)
        else { return description.effect }
        return .repeatable
    }

    private func readEnvironment(
        of entry: StageEntry, _ description: StageDescription, _ kindNode: Node, _ scope: inout Scope
    ) {
        let what = "the environment of stage '\(entry.name)'"
        if let member = entry.environment {
            guard description.environment != .unused else {
                problems.report(
                    "environment-unused", "stage kind '\(description.kind)' uses no environment",
                    at: member.keyNode.location, help: "take 'environment' away")
                return
            }
            scope.hasEnvironment = true
            let value = evaluate(member.value, as: .environment, scope.planned(what), what)
            guard let name = value?.literal?.string else {
                if value?.isAbsent == true {
                    problems.report("no-value", "\(what) has no value", at: member.value.location)
                }
                return
            }
            scope.environment = library.environment(name, at: member.value)
        } else if description.environment == .reads || description.environment == .changes {
            problems.report(
                "missing-environment",
                "stage '\(entry.name)' needs an environment: '\(description.kind)' "
                    + (description.environment == .changes ? "changes one" : "reads one"), at: kindNode.location,
                help: "add 'environment: NAME', a file of 'environments/'")
            scope.hasEnvironment = true
        }
    }

    private func input(
        of entry: StageEntry, _ id: StepID, _ description: StageDescription, _ kindNode: Node, _ scope: Scope
    ) -> (Argument, [Resolved.Use]) {
        var given: [String: Member] = [:]
        for member in entry.with {
            if description.inputs.contains(where: { $0.name == member.key }) {
                given[member.key] = member
            } else {
                problems.unknown(
                    "unknown-input", "stage kind '\(description.kind)' has no input '\(member.key)'", word: member.key,
                    among: description.inputs.map(\.name).filter { name in !entry.with.contains { $0.key == name } },
                    at: member.keyNode.location,
                    otherwise: StageEntry.keys.contains(member.key)
                        ? "'\(member.key)' stands beside 'with', not in it" : nil)
            }
        }
        var members = OrderedDictionary<String, Argument>()
        var uses: [Resolved.Use] = []
        for field in description.inputs {
            let what = "input '\(field.name)' of '\(description.kind)'"
            guard let member = given[field.name] else {
                if let value = field.defaultValue {
                    members[field.name] = .plain(value)
                } else if field.isRequired {
                    problems.report(
                        "missing-input", "\(what) is missing", at: kindNode.location, help: "it is \(field.summary)")
                }
                continue
            }
            if field.isCommand, problems.refusesText(ofCommand: member.value, what) { continue }
            guard let value = evaluate(member.value, as: field.type, scope, what) else { continue }
            uses += value.uses
            if value.isAbsent {
                if let value = field.defaultValue {
                    members[field.name] = .plain(value)
                } else if field.isRequired {
                    problems.report("no-value", "\(what) has no value", at: member.value.location)
                }
                continue
            }
            judge(value, member.value, of: field, description, what)
            if field.type == .path, field.isRead {
                noteMissing(value, member.value, what, id)
                if description.kind == "solution.pack", let path = value.literal?.string {
                    library.packedFolders.append((path, member.value))
                }
            }
            members[field.name] = value.argument
        }
        return (.map(members), uses)
    }

    /// Reports a known text that is no value for an input, though it is of its type.
    private func judge(
        _ value: Resolved, _ node: Node, of field: StageDescription.Field, _ description: StageDescription,
        _ what: String
    ) {
        let help = "it is \(field.summary)"
        // An empty probe is none.
        if field.isCommand, let words = value.literal?.list, !words.isEmpty || field.isRequired,
            words.first?.string?.allSatisfy(\.isWhitespace) ?? words.isEmpty
        {
            problems.report("value", "\(what) must name a program", at: node.location, help: help)
        }
        guard let text = value.literal?.string else { return }
        if let objection = field.objection?(text) {
            problems.report("value", "\(what): \(objection)", at: node.location, help: help)
        }
        guard field.type == .duration, let seconds = DurationText.seconds(text) else { return }
        // For the others the time is that of a process, which may be short.
        if description.kind == StageDescription.approvalWait.kind {
            problems.isWait(seconds, node, what, help: help)
        } else {
            problems.isSome(seconds, node, what, help: help)
        }
    }

    private func timeout(_ entry: StageEntry, _ scope: Scope) -> Double? {
        guard let node = entry.timeout else { return nil }
        let what = "'timeout' of stage '\(entry.name)'"
        guard let seconds = duration(node, scope, what) else { return nil }
        let help = "such as 10m; without 'timeout' the stage may take as long as it likes"
        return problems.isSome(seconds, node, what, help: help) ? seconds : nil
    }

    private func duration(_ node: Node, _ scope: Scope, _ what: String) -> Double? {
        guard let text = evaluate(node, as: .duration, scope.planned(what), what)?.literal?.string else { return nil }
        return DurationText.seconds(text)
    }

    private func retry(_ entry: StageEntry, _ scope: Scope) -> RetryPolicy? {
        guard let fields = entry.retry else { return nil }
        func node(_ key: String) -> Node? { fields.members[key]?.value }
        func what(_ key: String) -> String { "'\(key)' of \(fields.what)" }
        guard let attemptsNode = node("attempts") else {
            problems.report("missing-key", "\(fields.what) has no 'attempts'", at: fields.anchor)
            return nil
        }
        var policy = RetryPolicy(attempts: 1)
        if let attempts = evaluate(attemptsNode, as: .integer, scope.planned(what("attempts")), what("attempts"))?
            .literal?.integer
        {
            policy.attempts = attempts
            if attempts < 1 {
                problems.report("attempts", "\(what("attempts")) must be at least 1", at: attemptsNode.location)
            } else if attempts > RetryPolicy.mostAttempts {
                problems.report(
                    "attempts", "\(what("attempts")) must be at most \(RetryPolicy.mostAttempts), not \(attempts)",
                    at: attemptsNode.location)
            }
        }
        if let node = node("delay"), let delay = duration(node, scope, what("delay")) {
            policy.delay = delay
            // Who writes a delay means it: what no delay exceeds by default does not cut it.
            policy.longest = max(policy.longest, delay)
        }
        if let node = node("longest"), let longest = duration(node, scope, what("longest")),
            problems.isSome(longest, node, what("longest"), help: "such as 5m; for no pause at all write 'delay: 0s'")
        {
            if longest < policy.delay, fields.members["delay"] != nil {
                problems.report(
                    "longest",
                    "\(what("longest")) is shorter than its 'delay', so that the delay would never be waited",
                    at: node.location, help: "write a longer 'longest', or leave it out")
            }
            policy.longest = longest
        }
        if let node = node("factor") {
            let what = what("factor")
            if let factor = evaluate(node, as: .number, scope.planned(what), what)?.literal?.double {
                policy.factor = factor
                if factor < 1 { problems.report("factor", "\(what) must be at least 1", at: node.location) }
            }
        }
        if let node = node("on"), let trigger = problems.word(node, what("on"), RetryPolicy.Trigger.self) {
            policy.on = trigger
        }
        return policy
    }

    /// The policy of an `approval.wait`; all of it must be known when the plan is made.
    private func policy(of entry: StageEntry, _ input: Argument) -> ApprovalPolicy? {
        guard case .map(let members) = input else { return nil }
        var nodes: [String: Node] = [:]
        for member in entry.with { nodes[member.key] = member.value }
        for (key, argument) in members where key != "package" && argument.literal == nil {
            problems.report(
                "not-known-yet", "'\(key)' of an approval must be known when the plan is made",
                at: nodes[key]?.location ?? entry.keyNode.location)
            return nil
        }
        guard let role = members["role"]?.literal?.string else { return nil }
        let policy = ApprovalPolicy(
            role: role, count: members["count"]?.literal?.integer ?? 1,
            distinctFrom: excluded(members["distinctFrom"]?.literal, at: nodes["distinctFrom"]),
            expires: members["expires"]?.literal?.string.flatMap(DurationText.seconds),
            instructions: members["instructions"]?.literal?.string,
            signed: members["signed"]?.literal?.string.flatMap(ApprovalPolicy.Signing.init) ?? .optional)
        guard let node = nodes["role"] else { return policy }
        // A template looked at by itself has no role yet.
        guard !role.isEmpty else { return policy }
        library.check(policy, roleNode: node, countNode: nodes["count"], excludedNode: nodes["distinctFrom"])
        return policy
    }

    /// The people whom an `approval.wait` leaves out; the values may come from an input, and then stand where it is used.
    private func excluded(_ value: Value?, at node: Node?) -> [ApprovalPolicy.Excluded] {
        let what = "an entry of input 'distinctFrom' of 'approval.wait'"
        let reader = ExcludedReader(problems: problems, what: what)
        return (value?.list ?? []).enumerated().compactMap { index, value in
            guard let node else { return nil }
            let place = node.kind == .array ? node[index] ?? node : node
            guard let excluded = reader.excluded(value, at: place) else { return nil }
            if case .approvers(let name) = excluded { _ = library.environment(name, at: place) }
            return excluded
        }
    }
}
