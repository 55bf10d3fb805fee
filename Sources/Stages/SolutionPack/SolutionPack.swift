import Documents
public import Engine
import Environments
import Foundation
public import Pipelines
import Solutions

/// Makes the solution package of a run: one file, the same bytes for the same source, kept by its digest.
public struct SolutionPack: Stage {
    public struct Input: Decodable, Sendable {
        public var source: String
        public var version: String?
        public var type: String?
    }

    public struct Output: Codable, Sendable, Hashable {
        public var package: PackageReference
        public var content: String
        public var warnings: Int
    }

    public static let description = StageDescription(
        kind: "solution.pack", effect: .none,
        summary: "packs an unpacked solution folder into a solution package",
        details: """
            Reads the XML layout that SolutionPackager and `almrun unpack` write: `Other/Solution.xml`, `Other/Customizations.xml` \
            and the component files. The elements of components go into `customizations.xml` as they stand in their files; every other \
            byte of every file is kept. The same source gives the same bytes, on any machine, at any time.

            It says no when a file of the source would not get into the package, when a listed component or a file that a component \
            names is missing, when a flow uses a connection reference or calls an operation that is not there, and when what was \
            packed does not unpack to the same content again. A managed package is made from source only where managed and unmanaged \
            do not differ: connectors, flows, connection references, environment variables, canvas apps and web resources; for tables \
            and the like the source must come from a managed export.

            The package is kept in the object store under its SHA-256.
            """,
        inputs: [
            .init("source", .path, required: true, "the folder that holds `Other/Solution.xml`, or whose `src` does"),
            .init(
                "version", .string,
                "the version to write into the package, such as `1.2.0`; the source's own when absent"
            ).checked { SolutionVersion.problem(with: $0) },
            .init("type", .choice(PackageType.allCases.map(\.rawValue)), default: "unmanaged", "which form to pack"),
        ],
        outputs: [
            .init("package", .package, "the package, for `connections.rebind` and `solution.promote`"),
            .init("content", .string, "SHA-256 of the content, the same however it was compressed"),
            .init("warnings", .integer, "how many warnings there were"),
        ],
        example: """
            pack:
              uses: solution.pack
              with:
                source: examples/contoso-sales/solution
                version: ${{ inputs.version }}
                type: managed
            """)

    public init() {}

    public func run(_ input: Input, in context: StageContext) async throws -> Output {
        let type = try Self.type(input.type)
        let version = try Self.version(input.version)
        let path = try context.path(input.source)
        let packed = try await blocking {
            let folder = try SolutionFolder(path: path, name: input.source)
            try context.examine(
                ReadFiles(
                    folder.name, contents: folder.contents, isForPackage: true, overlooks: SolutionFolder.overlooks))
            return try SolutionPacker(type: type, version: version).pack(folder)
        }
        for diagnostic in packed.diagnostics { context.emit(.finding(Finding(diagnostic))) }
        let package = packed.package
        let digest = try context.objects.put(Data(package.bytes))
        let reference = PackageReference(
            digest: digest, solution: package.name, version: package.version.description, managed: package.isManaged,
            size: package.bytes.count)
        context.log(
            "packed \(package.name) \(package.version) \(type.rawValue): \(package.bytes.count) bytes, \(digest.prefix(12))"
        )
        return Output(
            package: reference, content: package.contentDigest,
            warnings: packed.diagnostics.count { $0.severity == .warning })
    }

    private static func type(_ text: String?) throws(StageFailure) -> PackageType {
        guard let text else { return .unmanaged }
        guard let type = PackageType(rawValue: text) else {
            throw StageFailure(.broken, "solution/type", "'\(text)' is neither 'managed' nor 'unmanaged'")
        }
        return type
    }

    private static func version(_ text: String?) throws(StageFailure) -> SolutionVersion? {
        guard let text else { return nil }
        if let problem = SolutionVersion.problem(with: text) {
            throw StageFailure(.rejected, "solution/version", problem)
        }
        return SolutionVersion(text)
    }
}
