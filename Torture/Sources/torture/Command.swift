/// A command of almrun, and who gives it.
enum Command: Sendable, Hashable, CustomStringConvertible {
    case run
    /// The same pipeline without a concurrency group, of a version.
    case race(version: String)
    case approve(String)
    case reject(String)
    case cancel
    case resume
    /// With answers about effects in doubt.
    case settle([String])
    case other([String])

    var arguments: [String] {
        switch self {
        case .run: ["run", "torture", "--input", "version=1.2.0"]
        case .race(let version): ["run", "racing", "--input", "version=\(version)"]
        case .approve(let gate): ["approve", "latest", gate, "--comment", "torture"]
        case .reject(let gate): ["reject", "latest", gate, "--comment", "torture"]
        case .cancel: ["cancel", "latest", "--reason", "torture"]
        case .resume: ["resume", "latest"]
        case .settle(let answers): ["resume", "latest"] + answers.flatMap { ["--assume", $0] }
        case .other(let arguments): arguments
        }
    }

    var person: Person {
        switch self {
        case .approve(let gate), .reject(let gate): gate == "signoff" ? .sigrid : .mads
        default: .rana
        }
    }

    /// Whether the command works on a run, as against deciding something.
    var carriesOut: Bool {
        switch self {
        case .run, .race, .resume, .settle, .cancel: true
        case .approve, .reject, .other: false
        }
    }

    var description: String { arguments.joined(separator: " ") }
}
