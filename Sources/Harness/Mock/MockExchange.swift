/// One call that the mock answered, for logs; it holds no header and no body.
public struct MockExchange: Sendable, Hashable {
    /// The verb.
    public var method: String
    /// The path without query, as it came.
    public var path: String
    /// The action that was meant, if one was.
    public var action: String?
    /// The status of the answer.
    public var status: Int
    /// Why the call was refused, where it was.
    public var reason: String?

    /// One line: `GET /sales/v1/invoices -> 200 ListInvoices`.
    public var description: String {
        "\(method) \(path) -> \(status)\(action.map { " \($0)" } ?? "")\(reason.map { ": \($0)" } ?? "")"
    }
}
