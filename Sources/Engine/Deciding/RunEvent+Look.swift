extension RunEvent.Kind {
    /// Whether the attempt that this ends, or makes wait, did nothing but look what an interrupted one had done.
    ///
    /// - Parameters:
    ///   - wasLooking: It began by looking.
    ///   - tries: How many attempts began, this one among them.
    ///   - attempts: How many there may be.
    public func isOnlyLook(wasLooking: Bool, tries: Int, of attempts: Int) -> Bool {
        switch self {
        case .suspended(_, let suspension): wasLooking && suspension.cause == .uncertainEffect
        case .ended(_, _, .succeeded(_, _, _, let found)): found
        // Where all tries were used up, it was only looked whether the last one had taken effect.
        case .ended(_, _, .failed(let failure)):
            wasLooking && failure.code == StageFailure.timeoutCode && tries > attempts
        default: false
        }
    }
}
