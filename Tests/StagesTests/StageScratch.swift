import Documents
import Engine
import Foundation
import Pipelines
import Solutions
import Synchronization
import Testing
import Zip

@testable import Stages

/// A repository's root in a temporary folder with what a stage needs around it; removed with this value.
final class StageScratch: Sendable {
    let root: String
    private let said = Mutex<[StageMessage]>([])

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("almrun-stage-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// What a stage would be given.
    func context(
        _ step: StepID = "step", environment: EnvironmentFile? = nil, token: String = "token-1",
        approved: Preview? = nil,
        secrets: [String: String] = [:], requester: String = "ada@example.com", input: Value = [:],
        commit: String? = nil
    ) throws -> StageContext {
        StageContext(
            run: "release-1", step: Step(id: step, work: .stage("test"), effect: .once, input: try Argument(input)),
            root: root,
            environment: environment,
            environments: environment.map { [$0] } ?? [], token: token, approved: approved, commit: commit,
            objects: ObjectStore(folder: root + "/.almrun/objects/sha256"), secrets: Secrets(secrets),
            requester: requester,
            emit: { message in self.said.withLock { $0.append(message) } })
    }

    var messages: [StageMessage] { said.withLock { $0 } }

    /// The lines that a stage wrote, of one stream or of all.
    func lines(_ stream: StageMessage.Stream? = nil) -> [String] {
        messages.compactMap {
            guard case .line(let text, let name) = $0, stream == nil || stream == name else { return nil }
            return text
        }
    }

    func write(_ text: String, to name: String, executable: Bool = false) throws {
        let file = URL(fileURLWithPath: root).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        if executable { chmod(file.path, 0o755) }
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: root).appendingPathComponent(name)), as: UTF8.self)
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", root] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["GIT_CONFIG_GLOBAL": "/dev/null"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "git \(arguments.joined(separator: " ")): \(text)")
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Puts a package of one flow, one connection reference and one variable into the object store.
    func package(_ version: String = "1.0.0.0", managed: Bool = true, content: String = "") throws -> PackageReference {
        func xml(_ body: String) -> [UInt8] { Array("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\(body)\n".utf8) }
        let flow = "5f0b3c1e-0000-4000-8000-000000000001"
        let entries = [
            ZipEntry(
                name: "solution.xml",
                bytes: xml(
                    """
                    <ImportExportXml><SolutionManifest><UniqueName>ContosoSales</UniqueName><LocalizedNames /><Version>\(version)\
                    </Version><Managed>\(managed ? 1 : 0)</Managed><Publisher><UniqueName>contoso</UniqueName><CustomizationPrefix>\
                    contoso</CustomizationPrefix></Publisher><RootComponents><RootComponent type="29" id="{\(flow)}" behavior="0" />\
                    </RootComponents><MissingDependencies /></SolutionManifest></ImportExportXml>
                    """)),
            ZipEntry(
                name: "customizations.xml",
                bytes: xml(
                    """
                    <ImportExportXml><Workflows><Workflow WorkflowId="{\(flow)}" Name="NightlySync"><JsonFileName>/Workflows/N.json\
                    </JsonFileName><Category>5</Category><StateCode>1</StateCode></Workflow></Workflows><connectionreferences>\
                    <connectionreference connectionreferencelogicalname="contoso_ref"><connectorid>\
                    /providers/Microsoft.PowerApps/apis/shared_sales</connectorid></connectionreference></connectionreferences>\
                    </ImportExportXml>
                    """)),
            ZipEntry(
                name: "environmentvariabledefinitions/contoso_Url/environmentvariabledefinition.xml",
                bytes: Array(
                    "<environmentvariabledefinition schemaname=\"contoso_Url\"><type>100000000</type></environmentvariabledefinition>"
                        .utf8)),
            ZipEntry(
                name: "Workflows/N.json",
                bytes: Array(
                    """
                    {"properties":{"connectionReferences":{"a":{"connection":{"connectionReferenceLogicalName":"contoso_ref"},\
                    "api":{"name":"shared_sales"}}},"definition":{"note":"\(content)"}}}
                    """.utf8)),
        ]
        let bytes = try ZipWriter.archive(entries)
        let digest = try ObjectStore(folder: root + "/.almrun/objects/sha256").put(Data(bytes))
        return PackageReference(
            digest: digest, solution: "ContosoSales", version: version, managed: managed, size: bytes.count)
    }
}

/// Runs work that has to throw a failure of a stage, and gives it.
func failure(of work: () async throws -> some Sendable, sourceLocation: SourceLocation = #_sourceLocation) async
    -> StageFailure?
{
    do {
        let result = try await work()
        Issue.record("nothing was thrown, but \(result) came back", sourceLocation: sourceLocation)
    } catch let error as StageFailure {
        return error
    } catch {
        Issue.record("another error was thrown: \(error)", sourceLocation: sourceLocation)
    }
    return nil
}
