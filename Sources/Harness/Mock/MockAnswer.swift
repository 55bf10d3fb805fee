/// What the mock says to a call.
struct MockAnswer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var action: String?
    var reason: String?
}
