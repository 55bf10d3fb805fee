/// A value is not what a type needs: the path says where.
public struct ValueMismatch: Error, Sendable, Hashable, CustomStringConvertible {
    public var pointer: Pointer
    public var message: String

    public init(pointer: Pointer, message: String) {
        self.pointer = pointer
        self.message = message
    }

    public var description: String { pointer.parts.isEmpty ? message : "'\(pointer)': \(message)" }
}
