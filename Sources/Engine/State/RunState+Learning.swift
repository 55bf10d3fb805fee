/// What a run gets to know of other people after it was made.
extension RunState {
    /// What of all that was found the run does not know; nil when it knows everything.
    public func news(in found: KnownPeople) -> KnownPeople? {
        people.news(in: found, about: askedPeople.packages, own: run)
    }

    /// The run as it is when it knows all that was found, too.
    public func knowing(_ found: KnownPeople?) -> RunState {
        guard let found, let news = news(in: found) else { return self }
        var state = self
        state.people.learn(news)
        return state
    }
}
