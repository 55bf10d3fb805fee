/// What a regular expression says, before it becomes a program.
indirect enum PatternTree: Sendable {
    case empty
    case scalar(ScalarSet)
    case check(LinearPattern.Check)
    case sequence([PatternTree])
    case choice([PatternTree])
    /// Without a maximum: as often as it goes.
    case repeated(PatternTree, Int, Int?)
}
