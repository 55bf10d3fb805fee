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
        switch error {
        case let rejected as Rejected:
            Console.error(rejected.diagnostics)
            return filesAreWrong
        case let diagnostic as Diagnostic:
            Console.error([diagnostic])
            return filesAreWrong
        case let failure as StageFailure:
            Console.error(failure)
            return failure.kind == .rejected ? rejected : broken
        case let refusal as Refusal:
            Console.error("error: \(refusal.message) [\(refusal.code)]")
            for note in refusal.notes { Console.error("  note: \(note)") }
            return filesAreWrong
        case let error as RunStoreError:
            Console.error("error: \(error) [\(error.code)]")
            switch error {
            case .unknownRun, .ambiguousRun: return filesAreWrong
            default: return broken
            }
        case let error as SignatureError:
            Console.error("error: \(error.message) [\(error.code)]")
            return broken
        case let error as GitError:
            Console.error("error: \(error.message) [git]")
            return broken
        case let error as EnvironmentError:
            Console.error("error: \(error.message) [\(error.code)]")
            for note in error.notes { Console.error("  note: \(note)") }
            return broken
        case let code as ExitCode: return code.rawValue
        case is CancellationError: return interrupted
        default: return explainingArguments(error)
        }
    }

    /// Errors of the argument parser, help and version among them; anything else is a fault of the surroundings.
    private static func explainingArguments(_ error: any Error) -> Int32 {
        let code = Almrun.exitCode(for: error)
        let text = Almrun.fullMessage(for: error)
        switch code {
        case .success:
            Console.print(text)
            return done
        case .validationFailure:
            Console.error(text)
            return filesAreWrong
        default:
            Console.error("error: \(error.localizedDescription == "\(error)" ? text : "\(error)")")
            return broken
        }
    }
}
