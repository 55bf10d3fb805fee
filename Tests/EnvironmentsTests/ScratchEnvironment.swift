import Foundation
import Synchronization
import Testing

@testable import Environments

/// An environment in a temporary folder that is removed with this value.
final class ScratchEnvironment: Sendable {
    let path: String
    /// The time that the environment sees.
    let clock = TestClock()

    init() {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("almrun-environment-\(UUID().uuidString)")
            .path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The environment, opened anew; with `disk`, writing can be stopped.
    func open(disk: Disk = Disk(), secrets: [String: String] = [:]) -> DirectoryEnvironment {
        let clock = clock
        let reveal: @Sendable (String) -> String = { text in
            var text = text
            for (name, value) in secrets { text = text.replacingOccurrences(of: "${{ secrets.\(name) }}", with: value) }
            return text
        }
        return DirectoryEnvironment(
            path: path, patience: .milliseconds(200), now: { clock.now }, disk: disk, reveal: reveal)
    }

    /// Plans and installs in one go.
    @discardableResult
    func install(
        _ package: PackageContents, token: String, settings: EnvironmentSettings = .init(),
        flows: FlowSettings = .init(),
        options: DeploymentOptions = .init(), disk: Disk = Disk(), secrets: [String: String] = [:]
    ) async throws -> DeploymentReceipt {
        let environment = open(disk: disk, secrets: secrets)
        let plan = try await environment.plan(package, settings: settings, flows: flows, options: options)
        return try await environment.install(package, plan: plan, token: OperationToken(token), by: "ada@example.com")
    }
}

/// A clock that stands until it is moved.
final class TestClock: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_790_000_000))
    var now: Date { time.withLock { $0 } }
    func advance(by seconds: TimeInterval) { time.withLock { $0 = $0.addingTimeInterval(seconds) } }
}

extension PackageContents {
    /// A small package; other content gives another digest.
    static func sample(
        _ version: String = "1.0.0.0", managed: Bool = true, content: String = "", solution: String = "ContosoSales",
        components: [Component] = [
            .init(kind: "connector", name: "contoso_sales"), .init(kind: "workflow", name: "Nightly"),
            .init(kind: "workflow", name: "Invoice"),
        ],
        references: [ConnectionReference] = [.init(logicalName: "contoso_ref", connector: "shared_sales")],
        variables: [Variable] = [.init(schemaName: "contoso_Url")],
        flows: [Flow] = [
            .init(id: "f1", name: "Invoice", isOn: true, connectionReferences: ["contoso_ref"]),
            .init(id: "f2", name: "Nightly", isOn: false),
        ]
    ) -> PackageContents {
        let bytes = Data("\(solution) \(version) \(managed) \(content)".utf8)
        return PackageContents(
            solution: solution, version: version, isManaged: managed, digest: Digest.of(bytes), bytes: bytes,
            components: components, connectionReferences: references, variables: variables, flows: flows)
    }
}

extension EnvironmentSettings {
    static let sample = EnvironmentSettings(
        connections: ["contoso_ref": .init(connection: "conn-1")], variables: ["contoso_Url": "https://api.example.com"]
    )
}
