import Foundation
import Testing

@testable import Environments

/// A suite about an environment whose files somebody else changes.
protocol ExaminedEnvironment {
    var scratch: ScratchEnvironment { get }
}

extension ExaminedEnvironment {
    func file(_ name: String) -> URL { URL(filePath: "\(scratch.path)/\(name)") }

    /// Two versions, both read back.
    func installed() async throws -> [DeploymentReceipt] {
        var receipts: [DeploymentReceipt] = []
        for (number, version) in ["1.0.0.0", "1.1.0.0"].enumerated() {
            let receipt = try await scratch.install(.sample(version), token: "t\(number + 1)", settings: .sample)
            #expect(try await scratch.open().verify(receipt).isEmpty)
            receipts.append(receipt)
            scratch.clock.advance(by: 60)
        }
        return receipts
    }

    func known(_ receipts: [DeploymentReceipt]) -> [DirectoryEnvironment.KnownDeployment] {
        receipts.map {
            .init(
                token: $0.token, solution: $0.solution, version: $0.version, digest: $0.digest,
                source: "step 'promote' of run 'r\($0.sequence)'")
        }
    }

    func change(_ name: String, _ old: String, _ new: String) throws {
        let text = try String(contentsOf: file(name), encoding: .utf8)
        #expect(text.contains(old))
        try Data(text.replacingOccurrences(of: old, with: new).utf8).write(to: file(name))
    }
}
