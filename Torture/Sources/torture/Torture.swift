import Foundation

/// Provokes every fault there is on the built command, and counts what must not be.
@main
struct Torture {
    static let rows: [any Row] = [
        SyncRow(), SyncRow(afterCrash: true), KillRow(), StormRow(), RivalResumesRow(), RivalRunsRow(),
        RivalDecisionsRow(), RivalCancelsRow(),
        RivalRejectionsRow(), ClockRow(), FullDiskRow(),
        CrashRow(kind: .before), CrashRow(kind: .torn), CrashRow(kind: .after), CrashRow(kind: .before, crashes: 4),
        DiskRow(kind: .enospc), DiskRow(kind: .eio), DiskRow(kind: .full), DiskRow(kind: .bad), DiskRow(kind: .short),
    ]

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.contains("--help") || arguments.contains("-h") {
            say(Options.help)
            say("\nRows:")
            for row in rows { say("  \(row.name.padding(toLength: 16, withPad: " ", startingAt: 0)) \(row.meaning)") }
            return
        }
        do {
            exit(try run(Options(arguments)) ? 0 : 1)
        } catch {
            FileHandle.standardError.write(Data("torture: \(error)\n".utf8))
            exit(3)
        }
    }

    private static func run(_ options: Options) throws -> Bool {
        let chosen = rows.filter { options.only.isEmpty || options.only.contains($0.name) }
        guard !chosen.isEmpty else { throw Problem("no row is called \(options.only)") }
        let laboratory = try Laboratory(options)
        defer { if !options.keeps { laboratory.remove() } }
        let points = laboratory.reports.map(\.points)
        say(
            """
            seed \(options.seed), \(options.minutes) minutes, \(options.jobs) at once, in \(laboratory.folder)
            undisturbed: \(points.reduce(0, +)) write points in \(points.count) commands \(points), \
            \(String(format: "%.1f", laboratory.durations.reduce(0, +))) s

            """)
        let header = ["row", "fault", "tried", "processes hit", "asked", "violations"]
        say(Self.line(header))
        say(Self.line(["---", "---", "---", "---", "---", "---"]))
        var left = options.minutes * 60
        var tallies: [Tally] = []
        // A row gets time as it has faults; the time it does not need is for those after it.
        let weights = chosen.map { Double(max(150, Runner.points(of: $0, laboratory).count)) }
        for (number, row) in chosen.enumerated() {
            let share = weights[number] / weights[number...].reduce(0, +)
            let tally = Runner(laboratory: laboratory).run(row, seconds: left * share)
            left = max(5, left - tally.seconds)
            tallies.append(tally)
            let tried = tally.tried == tally.planned ? "\(tally.tried)" : "\(tally.tried) of \(tally.planned)"
            say(
                Self.line(
                    tally.skipped.map { [row.name, row.meaning, "skipped: \($0)", "", "", ""] }
                        ?? [
                            row.name, row.meaning, tried, "\(tally.hits)", "\(tally.questions)",
                            "\(tally.violations.count)",
                        ]))
        }
        let bad = tallies.flatMap { tally in tally.violations.map { (tally.row, $0) } }
        say(
            "\n\(tallies.reduce(0) { $0 + $1.tried }) faults tried, \(tallies.reduce(0) { $0 + $1.hits }) processes hit, "
                + "\(bad.count) violations; seconds: "
                + tallies.map { "\($0.row) \(Int($0.seconds))" }.joined(separator: ", "))
        for (row, violation) in bad.prefix(40) {
            say("\nVIOLATION make torture TORTURE='--seed \(options.seed) --only \(row) --point \(violation.point)'")
            for text in violation.texts.prefix(12) { say("  \(text)") }
            for step in violation.history.prefix(6) { say("    \(step)") }
        }
        return bad.isEmpty
    }

    /// Writes a line at once, also where the output is a file.
    private static func say(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
