public import Documents

public import struct Foundation.Date

/// An earlier result that stands in for a step without effects whose inputs are the same.
public struct ReusedResult: Sendable, Hashable {
    public var run: RunID
    public var step: String
    /// When it was made.
    public var time: Date
    public var inputDigest: String
    public var output: Value
    /// The object that holds the output, when it is large.
    public var object: String?

    public init(
        run: RunID, step: String, time: Date, inputDigest: String, output: Value, object: String? = nil
    ) {
        self.run = run
        self.step = step
        self.time = time
        self.inputDigest = inputDigest
        self.output = output
        self.object = object
    }
}
