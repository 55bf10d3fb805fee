import Documents
import OrderedCollections

/// Makes the plan of one pipeline out of its expansion.
struct Assembly {
    let library: Library

    /// Nil when the stages cannot be put in order; what is wrong is in the library's problems.
    func plan(_ pipeline: Pipeline, values: [String: Frame.InputState]) -> Plan? {
        let frame = Frame(pipeline, values: values)
        let expansion = Expansion(library: library)
        expansion.pipeline = pipeline.name
        let concurrency = concurrency(pipeline, frame, expansion)
        guard let order = expand(frame, expansion) else { return nil }
        var inputs = OrderedDictionary<String, Value>()
        for name in frame.inputNames {
            guard let value = expansion.input(name, of: frame) else { continue }
            inputs[name] = value.argument.value
        }
        var steps: [Step] = []
        steps.reserveCapacity(order.count)
        for position in order {
            let draft = expansion.drafts[position]
            let step = step(draft)
            if let environment = expansion.changedEnvironment(of: draft) {
                steps += GateExpansion.steps(for: step, in: environment)
            } else {
                steps.append(step)
            }
        }
        var environments = OrderedDictionary<String, EnvironmentFile>()
        for draft in expansion.drafts {
            if let name = draft.environment, environments[name] == nil {
                add(library.environment(name, at: nil), to: &environments)
            }
        }
        return Plan(
            pipeline: pipeline.name, summary: pipeline.summary, inputs: inputs, steps: steps,
            environments: environments,
            roles: library.roles, concurrency: concurrency,
            sources: library.sources.map { Plan.SourceFile(file: $0.key, digest: $0.value) },
            subjects: subjects(expansion))
    }

    /// What stages work on, for a plan that changes an environment: there evidence is asked for.
    private func subjects(_ expansion: Expansion) -> OrderedDictionary<String, String>? {
        guard expansion.drafts.contains(where: \.changesEnvironment) else { return nil }
        var subjects = OrderedDictionary<String, String>()
        for draft in expansion.drafts {
            guard let name = library.kinds[draft.kind]?.subject, case .map(let input) = draft.input,
                input[name] != nil
            else { continue }
            subjects[draft.id.rawValue] = name
        }
        return subjects
    }

    /// The plan of a rollback; nil when its environment cannot be read.
    func plan(_ rollback: RollbackPlan) -> Plan? {
        guard let file = library.environment(rollback.environment, at: nil) else { return nil }
        var environments = OrderedDictionary<String, EnvironmentFile>()
        add(file, to: &environments)
        return Plan(
            pipeline: RollbackPlan.pipeline,
            summary: "brings \(rollback.package.solution) \(rollback.package.version) back to '\(file.name)'",
            inputs: rollback.inputs, steps: rollback.steps(in: file), environments: environments, roles: library.roles,
            sources: library.sources.map { Plan.SourceFile(file: $0.key, digest: $0.value) })
    }

    /// Looks at a template that is checked by itself.
    func check(_ template: Template) {
        var values: [String: Frame.InputState] = [:]
        for input in template.inputs where input.isRequired { values[input.name] = .done(.unknown(input.type)) }
        // As if it were used under `finally`, where the most can be referred to.
        let frame = Frame(
            template, prefix: "", use: nil, values: values, isFinally: true,
            chain: [(template.name, template.document.root.location)])
        let expansion = Expansion(library: library)
        expansion.isAlone = true
        _ = expand(frame, expansion)
    }

    private func expand(_ frame: Frame, _ expansion: Expansion) -> [Int]? {
        for name in frame.inputNames { _ = expansion.input(name, of: frame) }
        expansion.expand(frame)
        for name in frame.outputNames { _ = expansion.output(name, of: frame) }
        expansion.connect()
        expansion.connectEvidence()
        expansion.checkOrder()
        expansion.checkFiles()
        let order = expansion.order()
        release(frame)
        return order.count == expansion.drafts.count ? order : nil
    }

    /// Frames of templates and the frames they stand in hold one another.
    private func release(_ frame: Frame) {
        for case let instances? in frame.instances {
            for instance in instances {
                if let child = instance.child { release(child) }
            }
        }
        frame.instances = []
    }

    private func concurrency(_ pipeline: Pipeline, _ frame: Frame, _ expansion: Expansion) -> Plan.Concurrency? {
        guard let written = pipeline.concurrency else { return nil }
        let scope = Scope(frame: frame).planned("'group' of 'concurrency'")
        let group = expansion.evaluate(written.group, as: .string, scope, "'group' of 'concurrency'")?.literal?.string
        guard let group else { return nil }
        guard !group.allSatisfy(\.isWhitespace) else {
            library.problems.report(
                "empty-group", "the group of 'concurrency' has no name", at: written.group.location,
                help: "name what only one run may do at a time; without 'concurrency' runs do not wait for each other")
            return nil
        }
        return Plan.Concurrency(group: group, pending: written.pending)
    }

    private func step(_ draft: Draft) -> Step {
        var work = Step.Work.stage(draft.kind)
        var input = draft.input
        if let policy = draft.policy {
            work = .gate(.approval(policy))
            if case .map(let members) = input { input = .map(members.filter { $0.key == "package" }) }
        }
        return Step(
            id: draft.id, work: work, effect: draft.effect, environment: draft.environment,
            input: input, needs: draft.needs, condition: draft.condition, retry: draft.retry, timeout: draft.timeout,
            isFinally: draft.isFinally, pool: draft.pool, place: SourcePlace(draft.location))
    }

    /// An environment with those it comes after, first ones first.
    private func add(_ environment: EnvironmentFile?, to environments: inout OrderedDictionary<String, EnvironmentFile>)
    {
        var chain: [EnvironmentFile] = []
        var next = environment
        while let file = next, environments[file.name] == nil, !chain.contains(where: { $0.name == file.name }) {
            chain.append(file)
            next = file.after.flatMap { library.environment($0, at: nil) }
        }
        for file in chain.reversed() { environments[file.name] = file }
    }
}
