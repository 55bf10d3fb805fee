import ArgumentParser
import Documents
import Engine
import Foundation
import OrderedCollections
import RunStorage

/// Checks that runs are stored as they were written.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the events, signatures, objects and logs of a run.",
        discussion: """
            Every event carries the hash of the one before it, so that a changed byte is found and named. What that cannot \
            show: who can write to the store can take off the newest events and set the run index back to what was before \
            them, also a signed no. The head that is printed is the hash of the last event and stands for all before it: kept \
            elsewhere (in the log of the CI service, in a ticket), --head compares with it later, and the run may have \
            gone on since. `almrun show RUN --format json` has it too. A signed \
            decision names the hash of the event before it: nobody can write another past under it. The event that \
            ends an attempt names the digest of its log; lines of an attempt that was cut off are vouched for from the \
            next `almrun resume` on. RUN is the name of a run, the beginning of one, or 'latest'. --all also compares \
            the results that later runs may use with the events that made them, and the packages that an environment \
            knows, also of runs that were pruned, with their digests.

            Of the objects, those are compared that the events of the run name, as outputs, as packages or as reports of stages \
            that said no; what no run and no environment names any more only `almrun doctor` looks at.

            Example: almrun verify latest
            Example: almrun verify latest --head 1f3c09aa

            Where there is no run and there are logs or objects of some, that is told too.

            A signature by a key that stood in no commit when the run was made is as it was written and proves nothing: it \
            gets a note, and no other exit status.

            Exit status: 0 nothing is wrong, 1 something is, 2 there is no such run.
            """)

    @Argument(help: "The run.")
    var run: String?

    @Flag(help: "Check every run.")
    var all = false

    @Option(help: "The head that the run had once: at least 8 digits; its event must be there still.")
    var head: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if all, run != nil { throw ValidationError("name a run or give --all, not both") }
        if !all, run == nil { throw ValidationError("name a run, or give --all") }
        guard let head else { return }
        if all { throw ValidationError("--head is of one run: name it") }
        guard (8...64).contains(head.utf8.count), head.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw ValidationError("--head takes 8 to 64 hexadecimal digits, as `almrun verify RUN` prints them")
        }
    }

    func run() async throws {
        let workspace = try common.workspace()
        let store = try workspace.existingStore(evenIfLost: all)
        let unreadable = all ? try await store?.unreadableRuns() ?? [] : []
        let runs = try await wanted(store) + unreadable.compactMap(\.run)
        var found: [RunVerification] = []
        var sound = 0
        var compared: Set<String> = []
        for (number, run) in runs.enumerated() {
            if all, Console.isLive, runs.count > 20 {
                Console.writeError("\r\u{1B}[2Kverifying \(number + 1) of \(runs.count): \(run)")
            }
            // One that was removed in the meantime is nothing to complain about.
            guard let verification = try await verification(of: run, store, workspace) else { continue }
            if verification.isSound { sound += 1 }
            compared.formUnion(verification.compared)
            // Of many runs, only those are shown of which there is something to say.
            if !all || !verification.isSound || !verification.notes.isEmpty { found.append(verification) }
        }
        // Their own rows may stand under another number, which says so already.
        let unindexed = all ? try await store?.unindexedRuns() ?? [] : []
        found += unindexed.filter { one in !found.contains { $0.run.rawValue == one.name } }
            .map { RunVerification(unindexed: $0) }
        found += unreadable.filter { $0.run == nil }.map { RunVerification(RunID($0.name), unreadable: $0.reason) }
        if all, Console.isLive, runs.count > 20 { Console.writeError("\r\u{1B}[2K") }
        let results = all ? try await store?.auditResults() : nil
        let packages = all ? await damagedPackages(workspace, besides: compared) : []
        let traces = all && found.isEmpty && runs.isEmpty ? workspace.traces : []
        show(found, sound: sound, results?.wrong ?? [], packages, traces)
        if !traces.isEmpty || found.contains(where: { !$0.isSound }) || results?.wrong.isEmpty == false
            || !packages.isEmpty
        {
            throw ExitCode(ExitStatus.rejected)
        }
    }

    /// Nil when the run is gone; among others, one that cannot be read at all is wrong and does not stand in their way.
    private func verification(
        of run: RunID, _ store: (any RunStore)?, _ workspace: Workspace
    ) async throws(RunStoreError) -> RunVerification? {
        do {
            guard let store, let stored = try await store.stored(run) else { return nil }
            let found = RunVerification(
                stored, objects: workspace.objects, logs: workspace.logs, expected: head?.lowercased())
            // Who removes a run takes its events first, and then what they named.
            if !found.isSound, try await store.stored(run) == nil { return nil }
            return found
        } catch .damaged(let reason) where all {
            return RunVerification(run, unreadable: reason)
        }
    }

    /// What is wrong with packages that environments know, of those that no run was compared with.
    private func damagedPackages(_ workspace: Workspace, besides compared: Set<String>) async -> [String] {
        // One cause keeps several from being read where their roles are wrong.
        var unread: OrderedDictionary<String, [String]> = [:]
        let known: Set<String>
        do {
            known = try await workspace.deployedPackages { name, error in
                unread[WorkspaceExamination.words(error), default: []].append("'\(name)'")
            }.known
        } catch {
            let reason = WorkspaceExamination.words(error)
            return ["'environments/' cannot be read, and its packages were not compared: \(reason)"]
        }
        var wrong = unread.map { reason, names in
            let what =
                names.count == 1
                ? "environment \(names[0]) cannot be read, and its packages"
                : "environments \(names.joined(separator: ", ")) cannot be read, and their packages"
            return "\(what) were not compared: \(reason)"
        }
        for digest in known.subtracting(compared).sorted() where workspace.objects.contains(digest) {
            do throws(StageFailure) {
                _ = try workspace.objects.read(digest)
            } catch {
                wrong.append("a package that an environment knows: \(error.message); \(error.notes.joined())")
            }
        }
        return wrong
    }

    private func show(
        _ found: [RunVerification], sound: Int, _ results: [ResultAudit.Wrong], _ packages: [String],
        _ traces: [String]
    ) {
        let wrong = found.filter { !$0.isSound }.count
        switch common.format {
        case .json where all:
            Console.print([
                "sound": .integer(sound), "wrong": .integer(wrong), "runs": .list(found.map(\.value)),
                "wrongResults": .list(results.map(\.value)),
                "wrongPackages": .list(packages.map { .string($0) }),
                "traces": .list(traces.map { .string($0) }),
            ])
        case .json: for one in found { Console.print(one.value) }
        case .text:
            for one in found { Console.print(one.text) }
            for one in results { Console.print(line: "wrong  \(one.text); it is not used") }
            for one in packages { Console.print(line: safeText("wrong  \(one)")) }
            if !traces.isEmpty {
                Console.error("wrong  there is no run, and yet something was run here: `almrun doctor` says more")
                for one in traces { Console.error("  \(one)") }
            } else if all, found.isEmpty, sound == 0 {
                Console.error("no runs yet: there is nothing to verify")
            } else if all {
                Console.print(
                    "\(sound) run\(sound == 1 ? " is" : "s are") as written"
                        + (wrong > 0 ? ", \(wrong) \(wrong == 1 ? "is" : "are") not" : ""))
            }
        }
    }

    private func wanted(_ store: (any RunStore)?) async throws -> [RunID] {
        guard let run else { return try await store?.runs(matching: .all).map(\.run) ?? [] }
        guard let store else { throw OpenedRun.unknown(run) }
        guard run == "latest" else { return [try await store.run(named: run)] }
        guard let newest = try await store.newestRun() else {
            throw OpenedRun.unknown(run)
        }
        return [newest.run]
    }
}
