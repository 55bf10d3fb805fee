import Documents
import OrderedCollections

extension Expansion {
    /// Keeps a literal path of something that a stage reads and that is not there.
    func noteMissing(_ value: Resolved, _ node: Node, _ what: String, _ reader: StepID) {
        guard library.inputFilesMustExist, let path = value.literal?.string, !RepositoryFiles.isPattern(path),
            library.kind(of: path) == nil
        else { return }
        missingFiles.append(MissingFile(reader: reader, path: path, node: node, what: what))
    }

    /// What a stage reads must be there, or be made by a command that it waits for; what commands make must be files that a
    /// later stage may read.
    func checkFiles() {
        var made: [(maker: Int, path: String)] = []
        var refused: [String] = []
        let leavesOutCommitters = drafts.contains(where: leavesOutCommitters)
        for position in drafts.indices {
            let draft = drafts[position]
            guard case .map(let input) = draft.input, let generates = input["generates"] else { continue }
            let written = draft.frame.entries[draft.entry].with.first { $0.key == "generates" }?.value
            if let reference = generates.references.first {
                refuse(reference, at: written?.location ?? draft.location)
                continue
            }
            guard case .list(let listed) = generates else { continue }
            let nodes = written.map { Array($0.elements) } ?? []
            for (index, value) in listed.enumerated() {
                guard let text = value.literal?.string else { continue }
                let location = index < nodes.count ? nodes[index].location : written?.location ?? draft.location
                guard isGenerated(text, location), let path = RepositoryFiles.normalized(text) else { continue }
                guard !leavesOutCommitters else {
                    warn(path, draft.id, location)
                    refused.append(path)
                    continue
                }
                made.append((position, path))
                library.generatedPaths.insert(path)
            }
        }
        for file in missingFiles { check(file, made, refused) }
    }

    /// Whether a gate of a stage leaves out who wrote what is released: of what a command makes nobody knows that.
    private func leavesOutCommitters(_ draft: Draft) -> Bool {
        let policies = (draft.policy.map { [$0] } ?? []) + (changedEnvironment(of: draft)?.gates.approvals ?? [])
        return policies.contains { $0.distinctFrom.contains(.committers) }
    }

    private func warn(_ path: String, _ step: StepID, _ location: Location) {
        problems.add(
            Diagnostic(
                "manifest/generates", .warning,
                "a gate leaves out committers, so that no stage takes '\(path)' as '\(step)' makes it", at: location,
                help: "make it before the run, and commit it"))
    }

    /// What is made while the run works has to be known before: what other stages read is judged by it.
    private func refuse(_ reference: Reference, at location: Location) {
        problems.report(
            "generates", "'generates' cannot be '${{ \(reference) }}', which only the run knows", at: location,
            help: "write the paths, or take them of an input")
    }

    private func isGenerated(_ text: String, _ location: Location) -> Bool {
        guard let objection = GeneratedPath.objection(to: text) else { return true }
        problems.report(
            "generates", "'\(text)' under 'generates' \(objection)", at: location,
            help: "name the files or folders that the command makes and a later stage packs or judges")
        return false
    }

    /// - Parameter refused: What commands make and no stage takes.
    private func check(_ file: MissingFile, _ made: [(maker: Int, path: String)], _ refused: [String]) {
        let path = RepositoryFiles.normalized(file.path) ?? file.path
        func isMade(_ place: String) -> Bool {
            RepositoryFiles.isPath(path, atOrBelow: place) || RepositoryFiles.isPath(place, atOrBelow: path)
        }
        let makers = made.filter { isMade($0.path) }.map(\.maker)
        if !makers.isEmpty, let reader = positions[file.reader] {
            let before = needed(by: reader)
            if makers.contains(where: before.contains) { return }
        }
        // What stands around a template is known where it is used.
        if isAlone, library.generatedPaths.contains(where: isMade) { return }
        var known = ""
        var missing = path
        // The place where it ends to exist is the folder to look at.
        for part in path.split(separator: "/") {
            let next = known.isEmpty ? String(part) : "\(known)/\(part)"
            guard library.kind(of: next) != nil else {
                missing = String(part)
                break
            }
            known = next
        }
        let nearest = suggestion(for: missing, among: library.files.entries(of: known))
        problems.report(
            "missing-file", "there is no '\(file.path)' in the repository, which \(file.what) names",
            at: file.node.location,
            help: makers.first.map { "'\(drafts[$0].id)' generates it: have this stage need that one" }
                ?? (refused.contains(where: isMade) ? "make it before the run, and commit it" : nil)
                ?? nearest.map { "did you mean '\(known.isEmpty ? $0 : "\(known)/\($0)")'?" }
                ?? "what a command makes while the run works is named under 'generates' of its `shell.run`")
    }

    /// The drafts that one waits for, whatever is between.
    func needed(by start: Int) -> Set<Int> {
        var found: Set<Int> = []
        var next = [start]
        while let position = next.popLast() {
            for edge in drafts[position].edges where found.insert(edge.draft).inserted { next.append(edge.draft) }
        }
        return found
    }
}
