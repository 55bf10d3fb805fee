public import struct Foundation.Date

/// The right to work on a run; one process has it at a time, and loses it when it dies.
public struct RunHold: Sendable {
    /// Who has the right.
    public struct Holder: Sendable, Hashable, Codable {
        public var process: Int
        public var host: String
        public var since: Date
        /// Why it cannot be told whether anybody has it; the rest says nothing then.
        public var obstacle: String?

        /// What is written of it, which is what is certain.
        private enum CodingKeys: CodingKey { case process, host, since }

        public init(process: Int, host: String, since: Date) {
            self.process = process
            self.host = host
            self.since = since
        }

        /// Somebody may have the right or not: it cannot be looked up.
        public init(obstacle: String) {
            self.init(process: 0, host: "unknown", since: Date())
            self.obstacle = obstacle
        }

        /// Who works on the run, as far as that can be told; lower case, no full stop.
        var work: String {
            obstacle.map { "whether a process works on it cannot be told: \($0)" }
                ?? "process \(process) on \(host) works on it"
                + (isStopped ? ", and is stopped: `kill -CONT \(process)` lets it go on" : "")
        }
    }

    private let giveUp: @Sendable () -> Void

    public init(release: @escaping @Sendable () -> Void) { giveUp = release }

    /// Lets others work on the run; doing it twice is nothing.
    public func release() { giveUp() }
}
