import Crypto
public import Documents
public import Zip

/// A solution package: the zip file's bytes, and what they contain.
public struct SolutionPackage: Sendable {
    /// The file's name as shown to people.
    public let file: String
    /// The bytes of the zip file.
    public let bytes: [UInt8]
    /// The files in it, in the order of the archive.
    public let entries: [ZipEntry]
    public let contents: SolutionContents
    /// SHA-256 of the zip file, 64 lower-case hexadecimal digits.
    public let digest: String
    /// SHA-256 over names and contents of the files: the same however they were compressed or ordered.
    public let contentDigest: String

    /// Reads a package that is in memory; `file` is the name that diagnostics show.
    public init(bytes: [UInt8], file: String, limits: ZipLimits = ZipLimits()) throws(Rejected) {
        let entries: [ZipEntry]
        do throws(ZipError) {
            entries = try ZipArchive.entries(of: bytes, name: "'\(file)'", limits: limits)
        } catch {
            throw Rejected(Diagnostic(error))
        }
        try self.init(bytes: bytes, entries: entries, file: file)
    }

    /// Reads a package file.
    public init(path: String, file: String? = nil, limits: ZipLimits = ZipLimits()) throws(Rejected) {
        let bytes: [UInt8]
        do throws(ZipError) {
            bytes = try WholeFile.read(path)
        } catch {
            throw Rejected(Diagnostic(error))
        }
        try self.init(bytes: bytes, file: file ?? path, limits: limits)
    }

    init(bytes: [UInt8], entries: [ZipEntry], file: String) throws(Rejected) {
        self.file = file
        self.bytes = bytes
        self.entries = entries
        contents = try SolutionContents(Self.parts(of: entries, file: file))
        digest = Digest.hex(bytes)
        contentDigest = Digest.hex(of: entries)
    }

    /// Unique name of the solution.
    public var name: String { contents.manifest.uniqueName }
    public var version: SolutionVersion { contents.manifest.version }
    public var isManaged: Bool { contents.manifest.managed == 1 }
    public var manifest: SolutionManifest { contents.manifest }
    public var connectionReferences: [ConnectionReference] { contents.connectionReferences }
    public var environmentVariables: [EnvironmentVariable] { contents.environmentVariables }
    public var workflows: [Workflow] { contents.workflows }
    public var connectors: [Connector] { contents.connectors }

    static func parts(of entries: [ZipEntry], file: String) throws(Rejected) -> SolutionParts {
        var payload: [String: Source] = [:]
        for entry in entries { payload[entry.name] = Source(name: "\(file)!\(entry.name)", bytes: entry.bytes) }
        func xml(_ name: String) throws(Rejected) -> XMLFile {
            let found = payload[name] ?? payload.first { $0.key.lowercased() == name }?.value
            guard let found else {
                throw Rejected(
                    Diagnostic("solution/not-a-package", "'\(file)' is not a solution package: it has no '\(name)'"))
            }
            return try XMLFile(found)
        }
        let manifest = try xml("solution.xml")
        let customizations = try xml("customizations.xml")
        return SolutionParts(
            manifest: manifest, customizations: customizations,
            workflows: customizations.root.child("Workflows")?.children ?? [],
            connectors: customizations.root.child("Connectors")?.children ?? [], payload: payload)
    }
}

extension Diagnostic {
    /// The diagnostic for an archive that cannot be read or written.
    public init(_ error: ZipError) {
        self.init(error.code, error.message)
    }
}
