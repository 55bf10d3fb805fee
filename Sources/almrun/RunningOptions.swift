import ArgumentParser
import Documents
import Engine
import Foundation

/// How a run is carried out and shown.
struct RunningOptions: ParsableArguments {
    @Option(help: "How many steps run at once.")
    var width = 8

    @Flag(help: "Run every stage, also those whose inputs did not change.")
    var noReuse = false

    @Flag(name: .shortAndLong, help: "Show what the stages say.")
    var verbose = false

    @Option(help: "Write the run as JUnit XML to this file; the time of a stage is what all its attempts took.")
    var junit: String?

    func validate() throws {
        guard width > 0 else { throw ValidationError("--width must be at least 1") }
        if junit == "" { throw ValidationError("--junit names no file") }
        if let junit, !DurableFile.mayReplace(junit) {
            throw ValidationError("--junit names '\(junit)', which is no regular file")
        }
    }

    /// Refuses a report that would make folders outside the repository or replace what is none, before anything is run.
    func checkReport(in workspace: Workspace) throws(Rejected) {
        guard let junit else { return }
        try OutputPlace.check(junit)
        if let there = FileManager.default.contents(atPath: junit), let first = there.first(where: { !$0.isBlank }) {
            guard first == UInt8(ascii: "<") else {
                throw Rejected([
                    Diagnostic(
                        "junit/other-file", "--junit names '\(junit)', which is there and is no report",
                        help: "name another file, or move that one away")
                ])
            }
        }
        let folder = URL(filePath: junit).deletingLastPathComponent().standardizedFileURL.path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue { return }
        // In the repository folders are made, as for every file that is written there; a link may lead out of it.
        guard (try? FileManager.default.attributesOfItem(atPath: folder)) == nil,
            (OutputPlace.real(folder) + "/").hasPrefix(workspace.root + "/")
        else {
            throw Rejected([
                Diagnostic(
                    "junit/folder", "--junit names '\(junit)', and there is no folder '\(folder)'",
                    help: "make the folder first, or name a file in the repository")
            ])
        }
    }

    var settings: RunnerSettings {
        var settings = RunnerSettings()
        settings.width = width
        settings.reuses = !noReuse
        return settings
    }
}

extension UInt8 {
    /// Whether it is a blank, a tab or a line end.
    fileprivate var isBlank: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
