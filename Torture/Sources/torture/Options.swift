import Foundation

/// What the driver was asked to do.
struct Options: Sendable {
    var almrun = ""
    var faults = ""
    var root = ""
    var seed: UInt64 = 1
    var minutes = 15.0
    var only: [String] = []
    /// One fault to try, as a line of the report names it.
    var point: String?
    var jobs = max(1, min(8, ProcessInfo.processInfo.activeProcessorCount))
    var folder: String?
    var keeps = false
    /// Where each command of a trial lists its operations, with a number behind the name.
    var trace: String?

    static let help = """
        Usage: torture --almrun PATH --faults PATH --root PATH [--seed N] [--minutes M] [--only NAME]... [--point TEXT]
                       [--jobs N] [--folder PATH] [--trace PATH] [--keep]

          --almrun   the command, built for release
          --faults   libfaults.so
          --root     the repository whose environments, templates and examples are used
          --seed     where random choices begin (1)
          --minutes  how long all rows together may take (15)
          --only     this row alone; may be given more than once
          --point    this fault alone, as a violation names it; with --only
          --jobs     how many are tried at once
          --folder   where to work; /dev/shm, or the folder of temporary files, by default
          --trace    write what each command changes to files of this name and a number; with --point
          --keep     keep the folders in which something went wrong
        """

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if name == "--keep" {
                keeps = true
                continue
            }
            guard let value = rest.popFirst() else { throw Problem("'\(name)' needs a value, or is no option") }
            switch name {
            case "--almrun": almrun = value
            case "--faults": faults = value
            case "--root": root = value
            case "--seed": seed = try Self.number(name, value)
            case "--minutes": minutes = try Self.number(name, value)
            case "--only": only.append(value)
            case "--point": point = value
            case "--jobs": jobs = max(1, try Self.number(name, value))
            case "--folder": folder = value
            case "--trace": trace = value
            default: throw Problem("there is no option '\(name)'")
            }
        }
        for (name, path) in [("--almrun", almrun), ("--faults", faults), ("--root", root)] {
            guard FileManager.default.fileExists(atPath: path) else { throw Problem("\(name): '\(path)' is not there") }
        }
        almrun = URL(filePath: almrun).standardizedFileURL.path
        faults = URL(filePath: faults).standardizedFileURL.path
        root = URL(filePath: root).standardizedFileURL.path
    }

    private static func number<Number: LosslessStringConvertible>(_ name: String, _ text: String) throws -> Number {
        guard let number = Number(text) else { throw Problem("\(name): '\(text)' is no number") }
        return number
    }
}

/// Why the driver cannot go on.
struct Problem: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
