import Foundation

/// The processes of one command: its group, and those that left the group but carry its mark or descend from it.
struct ProcessFamily: Sendable {
    let mark: ProcessMark
    /// The number of the command's first process, which leads its group.
    let group: pid_t

    /// A quick look after the first process is over: false means that nothing is left of the command.
    func mayHaveMembers() -> Bool {
        guard KernelCalls.hasChildren() else { return false }
        // What is left was given to this process by the system when its parent ended.
        guard let adopted = ProcessEntry.adopted() else { return true }
        return !ChildRegistry.shared.knowsAll(adopted)
    }

    /// The members that run. Ended children of this process that nobody else waits for are cleared away on the way.
    func members() -> [ProcessEntry] {
        var search = Search(family: self)
        return search.members()
    }

    /// One look at all processes.
    private struct Search {
        let family: ProcessFamily
        let entries = ProcessEntry.all()
        // After the list: a process that was started while it was made is known by then.
        let known = ChildRegistry.shared.settled()
        let own = getpid()
        let table: [pid_t: ProcessEntry]
        var answers: [pid_t: Bool] = [:]

        init(family: ProcessFamily) {
            self.family = family
            table = Dictionary(entries.map { ($0.process, $0) }) { first, _ in first }
        }

        mutating func members() -> [ProcessEntry] {
            var members: [ProcessEntry] = []
            for entry in entries {
                if entry.isEnded {
                    if isUnclaimed(entry) { ChildRegistry.shared.clear(entry.process) }
                } else if belongs(entry) == true, let entry = ProcessEntry(of: entry.process), !entry.isEnded {
                    // Looked at again: a first process that was waited for since it was listed is nobody's.
                    members.append(entry)
                }
            }
            return members
        }

        /// Whether it is an ended child of this process that nobody will wait for.
        private mutating func isUnclaimed(_ entry: ProcessEntry) -> Bool {
            guard entry.parent == own, known.running[entry.process] == nil else { return false }
            if let foreign = known.foreign { return !foreign.contains(entry.process) }
            return belongs(entry) == true
        }

        /// Whether a descendant of this process belongs to the command; nil for one that is no descendant.
        private mutating func belongs(_ entry: ProcessEntry, depth: Int = 0) -> Bool? {
            if let answer = answers[entry.process] { return answer }
            guard depth < 1000, let above = isBelowMember(entry, depth: depth) else { return nil }
            let answer = isMember(entry, isBelowMember: above)
            answers[entry.process] = answer
            return answer
        }

        /// Whether its parent belongs to the command; nil when it is no descendant of this process.
        private mutating func isBelowMember(_ entry: ProcessEntry, depth: Int) -> Bool? {
            guard entry.parent == own else { return table[entry.parent].flatMap { belongs($0, depth: depth + 1) } }
            if known.running[entry.process] != nil { return false }
            guard let foreign = known.foreign else { return false }
            // A child that nobody here started, without a mark, is left to the last command at work.
            return foreign.contains(entry.process) ? nil : known.running.allSatisfy { $0.value == family.mark }
        }

        private func isMember(_ entry: ProcessEntry, isBelowMember: Bool) -> Bool {
            if let leader = known.running[entry.process] ?? known.running[entry.group] { return leader == family.mark }
            if entry.group == family.group { return true }
            guard let value = ProcessEntry.variable(ProcessMark.variable, of: entry.process) else {
                return isBelowMember
            }
            if family.mark.covers(value) { return true }
            return isBelowMember && !known.running.values.contains { $0.covers(value) }
        }
    }
}
