import Foundation

/// The system did not start a program.
struct ChildStartError: Error, CustomStringConvertible {
    /// The number that the system gave as its reason.
    var number: Int32

    var description: String { String(cString: strerror(number)) }
}
