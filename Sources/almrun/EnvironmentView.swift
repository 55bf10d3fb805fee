import Documents
import Engine
import Environments
import Foundation

/// One environment as `almrun environment` shows it.
struct EnvironmentView {
    var name: String
    var state: EnvironmentState
    var history: [DeploymentReceipt]?
    /// The runs that took something back, by the operations in which they did, and why they did it.
    var rollbacks: [OperationToken: (run: RunID, reason: String?)] = [:]

    func text(isAlone: Bool) -> String {
        if let history { return historyText(history) }
        guard !state.solutions.isEmpty else { return safeText("\(name): nothing is installed") }
        var lines: [String] = []
        for solution in state.solutions.values.sorted(by: { $0.solution < $1.solution }) {
            let kind = solution.isManaged ? "managed" : "unmanaged"
            lines.append(
                "\(name): \(solution.solution) \(solution.version) (\(kind), sha256 \(solution.digest.prefix(12))), "
                    + "installed \(solution.installed.ISO8601Format())")
            guard isAlone else { continue }
            for reference in solution.connectionReferences.sorted() {
                let bound = state.connectionReferences[reference]
                lines.append("  connection \(reference) -> \(bound?.connection?.text ?? "not bound")")
            }
            for variable in solution.variables.sorted() {
                let value = state.variables[variable]
                let shown = value?.value?.text ?? value?.defaultValue.map { "\($0) (default)" } ?? "no value"
                lines.append("  variable   \(variable) = \(shown)")
            }
            for flow in solution.flows.sorted() {
                guard let known = state.flows[flow] else { continue }
                lines.append("  flow       \(known.name): \(known.isOn ? "on" : "off")")
            }
        }
        return lines.map { safeText($0) }.joined(separator: "\n")
    }

    private func historyText(_ history: [DeploymentReceipt]) -> String {
        guard !history.isEmpty else { return safeText("\(name): nothing was ever done here") }
        return history.map { receipt in
            let from = receipt.from.map { "\($0) -> " } ?? ""
            let run = rollbacks[receipt.token].map { "; run \($0.run)" + ($0.reason.map { ": \($0)" } ?? "") } ?? ""
            return safeText(
                "\(receipt.at.ISO8601Format()) \(receipt.deed) \(receipt.solution) \(from)\(receipt.version) "
                    + "sha256 \(receipt.digest.prefix(12)) by \(receipt.by)\(run)")
        }.joined(separator: "\n")
    }

    var value: Value {
        get throws {
            let plain = try ValueEncoder().encode(state)
            return [
                "name": .string(name), "solutions": plain["solutions"] ?? [:],
                "connectionReferences": plain["connectionReferences"] ?? [:], "variables": plain["variables"] ?? [:],
                "flows": plain["flows"] ?? [:],
                "history": try history.map { .list(try $0.map { try value(of: $0) }) } ?? .null,
            ]
        }
    }

    /// A receipt as it is kept, but for what it is called where the version went down.
    private func value(of receipt: DeploymentReceipt) throws -> Value {
        var value = try ValueEncoder().encode(receipt)
        value["action"] = .string(receipt.deed)
        if let rollback = rollbacks[receipt.token] {
            value["run"] = .string(rollback.run.rawValue)
            if let reason = rollback.reason { value["runReason"] = .string(reason) }
        }
        return value
    }
}
