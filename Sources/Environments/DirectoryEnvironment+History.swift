import Foundation

extension DirectoryEnvironment {
    /// Why the history of the solution that a package brought does not bear out what the state says of it; nil when it does.
    ///
    /// Of each operation there is a receipt: who changes only one of the two is noticed.
    public func objection(toHistoryOf digest: String) async throws -> String? {
        try await blocking {
            let state = try load()
            let solutions = Set(state.operations.filter { $0.digest == digest }.map(\.solution))
            for operation in state.operations where solutions.contains(operation.solution) {
                let wrong: [String]
                do {
                    wrong = Self.differences(operation, try receipt(operation))
                } catch let error as EnvironmentError where error.kind == .damaged {
                    return error.message
                }
                guard let first = wrong.first else { continue }
                return
                    "'\(stateFile)' and '\(receiptFile(operation.sequence))' tell of operation \(operation.sequence) "
                    + "with another \(first)"
            }
            return nil
        }
    }
}
