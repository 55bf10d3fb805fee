public import ArgumentParser
public import Comparison
public import Engine
public import Stages

/// In this target an argument is one of the command line, not of a step.
typealias Argument = ArgumentParser.Argument

extension RunStatus: ExpressibleByArgument {}
extension ComparisonOptions.Profile: ExpressibleByArgument {}
extension OpenAPIDiff.Failing: ExpressibleByArgument {}
