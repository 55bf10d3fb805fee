import ArgumentParser
import Documents
import Engine
import Environments
import Foundation
import Git
import OrderedCollections
import Pipelines
import Reporting
import Stages

/// Shows what waits for the decision of the person at the keyboard.
struct InboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: "Show what waits for your decision, and what you need to decide it.",
        discussion: """
            You are who git says you are. A gate is shown while you may still decide at it: you have its role, it does \
            not exclude you, and you have not decided. After that comes what waits for a time alone (a window, a freeze, a \
            soak time) and you may bypass, with until when it waits, and what has failed in a run that waits elsewhere and only your \
            bypass opens, or for want of evidence, of each pipeline and concurrency group in its newest failed run (where \
            evidence is too old, only if no other run is newer). A bypass \
            that a newer run has made needless comes last. Effects of which nobody knows whether they happened are shown \
            to everybody: of runs that wait for that word, of those whose process is gone, and of those that failed or were \
            cancelled the newest, at most 100 and fewer where they are long; it says which were not read.

            Example: almrun inbox
            Example: almrun inbox --all --format json
            """)

    @Flag(help: "Also what waits for others, with who may decide.")
    var all = false

    @Option(help: "Only gates that ask for this role.")
    var role: String?

    @Option(help: "Read at most this many runs, newest first.")
    var limit = 50

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        let workspace = try common.workspace()
        let person = try workspace.person().email
        let roles = try workspace.planner.roles()
        try check(role, among: Array(roles.members.keys))
        let mine = roles.members.filter { $0.value.contains { $0.email.lowercased() == person.lowercased() } }
        let query = Inbox.Query(person: person, roles: Set(mine.keys), all: all, role: role, limit: limit)
        let inbox = try await workspace.inbox(query, now: Date())
        common.format == .json
            ? Console.print(inbox.value) : Console.print(inbox.text)
    }

    private func check(_ role: String?, among names: [String]) throws(Rejected) {
        guard let role, !names.contains(role) else { return }
        throw Rejected([
            Diagnostic(
                "manifest/unknown-role", "there is no role '\(role)'",
                help: suggestion(for: role, among: names).map { "did you mean '\($0)'?" }
                    ?? "roles stand in environments/roles.yaml")
        ])
    }
}

extension Workspace {
    /// Whether a rollback that has failed would still go back from what is installed: nothing was deployed there since.
    private func isWanted(_ rollback: RunState) async -> Bool {
        let inputs = rollback.plan.inputs
        return await !isDeployed(inputs["solution"]?.string, to: inputs["environment"]?.string, since: rollback.created)
    }

    /// Whether something of the solution that a gate stands before was deployed there since the gate has failed.
    private func isDeployed(since gate: Step, in run: RunState) async -> Bool {
        let package = run.binding(of: gate).package
        let solution =
            run.preview(for: gate.guarding ?? gate.id)?.details["solution"]?.string
            ?? run.madePackages.first { $0.digest == package }?.solution
        return await isDeployed(solution, to: gate.environment, since: run[gate.id]?.ended ?? run.created)
    }

    private func isDeployed(_ solution: String?, to name: String?, since time: Date) async -> Bool {
        guard let solution, let name, let file = try? environments(named: name).first,
            let there = try? await EnvironmentTargets.directory(file, root: root).state()
        else { return false }
        return there.operations.contains { $0.solution == solution && $0.at > time }
    }

    /// What waits for a person; nothing where nothing was ever run.
    func inbox(_ query: Inbox.Query, now: Date) async throws -> Inbox {
        guard let store = try existingStore() else { return Inbox(query: query) }
        let finder = PeopleFinder(self, store)
        let rejections = EarlierRejections(store)
        let open = OpenRuns(store, objects: objects)
        return try await Inbox.read(
            query, from: store, objects: objects, now: now,
            informed: { state in
                // What cannot be found out now is said to who decides.
                await facing(
                    state.knowing(try? await finder.people(for: state, isThorough: false)), isDecided: true, now: now)
            },
            isWanted: { await isWanted($0) }, isDeployedSince: { await isDeployed(since: $1, in: $0) },
            brief: { state, gate, others in
                await brief(
                    of: gate, in: state, others: others, store: store, rejections: rejections, open: open,
                    viewer: query.person, now: now)
            })
    }
}
