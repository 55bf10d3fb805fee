public import ArgumentParser
public import Comparison
public import Engine
public import Stages

/// In this target an argument is one of the command line, not of a step.
typealias Argument = ArgumentParser.Argument

extension RunStatus: ExpressibleByArgument {}
extension ComparisonOptions.Profile: ExpressibleByArgument {}
extension OpenAPIDiff.Failing: ExpressibleByArgument {}

extension ParsableArguments {
    /// Refuses what somebody has to say when it is longer than a page: lists show it whole.
    func checkLength(of text: String?, _ option: String) throws {
        guard let text, text.count > 4_000 else { return }
        throw ValidationError("\(option) has \(text.count) characters; at most 4000 are kept with a run")
    }
}
