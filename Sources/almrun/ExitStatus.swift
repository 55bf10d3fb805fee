import ArgumentParser
import Documents
import Engine
import Environments
import Foundation
import Git
import Signatures

/// What the status of the process means, everywhere.
enum ExitStatus {
    static let done: Int32 = 0
    /// A stage said no.
    static let rejected: Int32 = 1
    /// The files, or the arguments, are wrong.
    static let filesAreWrong: Int32 = 2
    /// almrun or its surroundings are at fault.
    static let broken: Int32 = 3
    /// Waits for a person or a time; resume later.
    static let waiting: Int32 = 75
    static let interrupted: Int32 = 130

    /// Says on standard error what went wrong, cause first, and gives the status that it means.
    static func explaining(_ error: any Error) -> Int32 {
        let arguments = GivenArguments(CommandLine.arguments)
        if let report = ErrorReport(error) {
            report.tell(asJSON: arguments.wantJSON)
            return status(of: error)
        }
        switch error {
        case let code as ExitCode: return code.rawValue
        case is CancellationError: return interrupted
        default: return explaining(error, arguments)
        }
    }

    private static func status(of error: any Error) -> Int32 {
        switch error {
        case is Rejected, is Diagnostic: filesAreWrong
        case let failure as StageFailure: failure.kind == .rejected ? rejected : broken
        // The same answer as an environment gives that refuses a second run.
        case let refusal as Refusal:
            ["run/group-busy", "run/superseded"].contains(refusal.code) ? rejected : filesAreWrong
        case RunStoreError.unknownRun, RunStoreError.ambiguousRun: filesAreWrong
        default: broken
        }
    }

    /// Errors of the argument parser, help and version among them; anything else is a fault of the surroundings.
    private static func explaining(_ error: any Error, _ arguments: GivenArguments) -> Int32 {
        switch Almrun.exitCode(for: error) {
        case .success:
            // Help and scripts for shells: all of it is ours.
            Console.print(exactly: Almrun.fullMessage(for: error))
            return done
        case .validationFailure:
            if arguments.wantJSON {
                ErrorReport("arguments/wrong", Almrun.message(for: error), help: "`almrun help` and `--help` say more")
                    .tell(asJSON: true)
            } else {
                Console.error(
                    text: arguments.withCode(
                        "arguments/wrong", after: Almrun.message(for: error), in: Almrun.fullMessage(for: error)))
            }
            return filesAreWrong
        default:
            ErrorReport("surroundings/fault", words(error)).tell(asJSON: arguments.wantJSON)
            return broken
        }
    }

    /// What the system says of its error, with the file that it is about.
    private static func words(_ error: any Error) -> String {
        guard error is CocoaError || type(of: error) == NSError.self else { return "\(error)" }
        let error = error as NSError
        let path = (error.userInfo[NSFilePathErrorKey] as? String).map { "'\($0)': " } ?? ""
        let cause = (error.userInfo[NSUnderlyingErrorKey] as? NSError).map { " (\($0.localizedDescription))" } ?? ""
        return path + error.localizedDescription + cause
    }
}
