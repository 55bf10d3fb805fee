import Documents
import OpenAPI

/// Finds which operations belong together and runs the checks over them.
struct DefinitionComparer {
    let base: APIDefinition
    let revision: APIDefinition
    let options: ComparisonOptions
    let profile: ComparisonOptions.Profile
    let graph: SchemaGraph

    init(base: APIDefinition, revision: APIDefinition, options: ComparisonOptions) {
        self.base = base
        self.revision = revision
        self.options = options
        self.profile = options.profile ?? (revision.version == .swagger2 ? .connector : .http)
        self.graph = SchemaGraph(base: base, revision: revision)
    }

    func changes() -> [Change] {
        var collector = ChangeCollector(profile: profile)
        for check in DefinitionCheck.all { check.run(self, &collector) }
        compareOperations(&collector)
        compareWebhooks(&collector)
        if collector.isEmpty,
            collector.sawInvisible || !haveSameContent(base.root, revision.root, ignoring: ["version"])
        {
            collector.add(
                "api-definition-changed", "the documents differ in something that changes nothing for callers", in: nil,
                base: base.root, revision: revision.root)
        }
        if options.reportsVersionPolicy { reportVersion(&collector) }
        return collector.changes
    }

    private func key(_ operation: Operation) -> String { "\(operation.method) \(PathTemplate(operation.path).shape)" }

    private func compareOperations(_ collector: inout ChangeCollector) {
        var byKey: [String: Int] = [:]
        for (index, operation) in revision.operations.enumerated() {
            // Of two paths that differ only in a parameter's name the one with the same name is preferred below.
            if byKey[key(operation)] == nil { byKey[key(operation)] = index }
            byKey["\(operation.method) \(operation.path)"] = index
        }
        var byName: [String: Int] = [:]
        for (index, operation) in revision.operations.enumerated() {
            if let name = operation.operationID, byName[name] == nil { byName[name] = index }
        }
        var partners: [Int: Int] = [:]
        var taken = Set<Int>()
        func pair(_ old: Int, _ new: Int?) {
            guard let new, partners[old] == nil, taken.insert(new).inserted else { return }
            partners[old] = new
        }
        for (index, operation) in base.operations.enumerated() {
            pair(index, byKey["\(operation.method) \(operation.path)"])
        }
        for (index, operation) in base.operations.enumerated() { pair(index, byKey[key(operation)]) }
        if profile == .connector {
            // For flows the operationId is the operation: where path and name disagree, the name decides.
            for (index, operation) in base.operations.enumerated() {
                guard let name = operation.operationID, let target = byName[name] else { continue }
                if let partner = partners[index] {
                    guard revision.operations[partner].operationID != name else { continue }
                    partners[index] = nil
                    taken.remove(partner)
                }
                if let holder = partners.first(where: { $0.value == target })?.key {
                    partners[holder] = nil
                    taken.remove(target)
                }
                pair(index, target)
            }
        }
        let paths = Set(revision.operations.map { PathTemplate($0.path).shape })
        for (index, operation) in base.operations.enumerated() {
            if let partner = partners[index] {
                compare(operation, revision.operations[partner], &collector)
            } else {
                reportRemoval(of: operation, hasPath: paths.contains(PathTemplate(operation.path).shape), &collector)
            }
        }
        for (index, operation) in revision.operations.enumerated() where !taken.contains(index) {
            collector.add(
                "endpoint-added", "the operation is new", in: OperationReference(operation), base: nil,
                revision: operation.keyNode)
        }
    }

    private func compareWebhooks(_ collector: inout ChangeCollector) {
        let key = { (operation: Operation) in "\(operation.method) \(operation.path)" }
        let after = Dictionary(revision.webhooks.map { (key($0), $0) }) { first, _ in first }
        let before = Set(base.webhooks.map(key))
        let (oldNames, newNames) = (Set(base.webhooks.map(\.path)), Set(revision.webhooks.map(\.path)))
        for webhook in base.webhooks {
            if let other = after[key(webhook)] {
                compare(webhook, other, &collector)
            } else if newNames.contains(webhook.path) {
                reportRemoval(of: webhook, hasPath: true, &collector)
            } else {
                collector.add(
                    "webhook-removed", "the webhook '\(webhook.path)' was removed", in: OperationReference(webhook),
                    base: webhook.pathKeyNode, revision: nil)
            }
        }
        for webhook in revision.webhooks where !before.contains(key(webhook)) {
            let isNew = !oldNames.contains(webhook.path)
            collector.add(
                isNew ? "webhook-added" : "endpoint-added",
                isNew ? "the webhook '\(webhook.path)' is new" : "the operation is new",
                in: OperationReference(webhook), base: nil, revision: isNew ? webhook.pathKeyNode : webhook.keyNode)
        }
    }

    private func compare(_ old: Operation, _ new: Operation, _ collector: inout ChangeCollector) {
        var pair = OperationPair(old, new, in: self, collector: collector)
        // The list must not be shared while the pair adds to it.
        collector = ChangeCollector(profile: profile)
        for check in OperationCheck.all { check.run(&pair) }
        collector = pair.collector
    }

    private func reportRemoval(of operation: Operation, hasPath: Bool, _ collector: inout ChangeCollector) {
        let reference = OperationReference(operation)
        let word = hasPath ? "api-removed" : "api-path-removed"
        let what = hasPath ? "the operation was removed" : "the operation was removed with its whole path"
        guard operation.isDeprecated else {
            collector.add(
                "\(word)-without-deprecation", "\(what) without having been deprecated", in: reference,
                base: operation.keyNode, revision: nil)
            return
        }
        if let sunset = operation.node["x-sunset"]?.scalarText {
            guard let day = CalendarDay(sunset) else {
                collector.add(
                    "api-path-sunset-parse", "\(what), and its sunset date '\(sunset)' cannot be read", in: reference,
                    base: operation.node["x-sunset"], revision: nil)
                return
            }
            if day > options.today {
                collector.add(
                    "\(word)-before-sunset", "\(what) before its sunset date \(day)", in: reference,
                    base: operation.keyNode, revision: nil)
                return
            }
        }
        collector.add(
            "\(word)-with-deprecation", "\(what), as its deprecation announced", in: reference,
            base: operation.keyNode, revision: nil)
    }

    private func reportVersion(_ collector: inout ChangeCollector) {
        guard collector.changes.contains(where: { $0.level == .breaking }),
            let old = base.declaredVersion.flatMap({ APIVersion($0) }),
            let new = revision.declaredVersion.flatMap({ APIVersion($0) })
        else { return }
        let (from, to) = (base.root["info"]?["version"], revision.root["info"]?["version"])
        if new == old {
            collector.add(
                "api-version-not-bumped", "there is a breaking change, but the version still is '\(new)'", in: nil,
                base: from, revision: to)
        } else if new < old {
            collector.add(
                "api-version-decreased", "there is a breaking change, but the version went from '\(old)' to '\(new)'",
                in: nil, base: from, revision: to)
        } else if new < old.next(.major) {
            collector.add(
                "api-major-version-not-bumped",
                "there is a breaking change, but the version only went from '\(old)' to '\(new)'", in: nil, base: from,
                revision: to)
        }
    }
}
