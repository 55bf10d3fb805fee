import ArgumentParser
import Engine

/// How a run is carried out and shown.
struct RunningOptions: ParsableArguments {
    @Option(help: "How many steps run at once.")
    var width = 8

    @Flag(help: "Run every stage, also those whose inputs did not change.")
    var noReuse = false

    @Flag(name: .shortAndLong, help: "Show what the stages say.")
    var verbose = false

    @Option(help: "Write the run as JUnit XML to this file.")
    var junit: String?

    func validate() throws {
        guard width > 0 else { throw ValidationError("--width must be at least 1") }
        if let junit, !DurableFile.mayReplace(junit) {
            throw ValidationError("--junit names '\(junit)', which is no regular file")
        }
    }

    var settings: RunnerSettings {
        var settings = RunnerSettings()
        settings.width = width
        settings.reuses = !noReuse
        return settings
    }
}
