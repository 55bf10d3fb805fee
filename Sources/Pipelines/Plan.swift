public import Documents
public import OrderedCollections

/// A pipeline with everything put in and checked: the steps in order, and all that a run needs to know of the files it came from.
public struct Plan: Sendable, Hashable, Codable {
    /// A file the plan was made from.
    public struct SourceFile: Sendable, Hashable, Codable {
        public var file: String
        /// SHA-256, hexadecimal.
        public var digest: String

        public init(file: String, digest: String) {
            self.file = file
            self.digest = digest
        }
    }

    /// Which runs wait for one another.
    public struct Concurrency: Sendable, Hashable, Codable {
        /// What a new run does when another one of its group is not finished.
        public enum Pending: String, Sendable, Hashable, Codable, CaseIterable { case queue, supersede, refuse }

        public var group: String
        public var pending: Pending

        public init(group: String, pending: Pending = .queue) {
            self.group = group
            self.pending = pending
        }
    }

    public var pipeline: String
    public var summary: String?
    /// The pipeline's inputs as given or by default; a secret is its reference text.
    public var inputs: OrderedDictionary<String, Value>
    /// In an order in which needs come first, and manifest order otherwise; `finally` steps last.
    public var steps: [Step]
    /// The environments that steps name, with those they come after.
    public var environments: OrderedDictionary<String, EnvironmentFile>
    public var roles: Roles
    public var concurrency: Concurrency?
    public var sources: [SourceFile]
    /// The input that names the file or folder a stage works on, for each stage that works on one; nil in a plan that
    /// changes no environment, and in those of earlier versions.
    public var subjects: OrderedDictionary<String, String>?

    public init(
        pipeline: String, summary: String? = nil, inputs: OrderedDictionary<String, Value> = [:], steps: [Step],
        environments: OrderedDictionary<String, EnvironmentFile> = [:], roles: Roles = Roles(),
        concurrency: Concurrency? = nil, sources: [SourceFile] = [],
        subjects: OrderedDictionary<String, String>? = nil
    ) {
        self.pipeline = pipeline
        self.summary = summary
        self.inputs = inputs
        self.steps = steps
        self.environments = environments
        self.roles = roles
        self.concurrency = concurrency
        self.sources = sources
        self.subjects = subjects
    }
}
