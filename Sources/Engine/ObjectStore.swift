internal import Crypto
import Documents
public import Foundation

/// Content by its SHA-256: packages, reports and large outputs of runs, in `.almrun/objects/sha256/`.
///
/// Writing the same content twice is nothing; a file is complete or absent.
public struct ObjectStore: Sendable {
    /// Absolute path of the folder.
    public let folder: String

    public init(folder: String) { self.folder = folder }

    /// The 64 hexadecimal digits that content is kept under.
    public static func digest(of content: Data) -> String {
        hexadecimal(SHA256.hash(data: content))
    }

    /// Where the content with this digest is, whether it exists or not.
    public func path(of digest: String) -> String {
        // A digest comes from a ledger, and one that almrun did not write could lead elsewhere.
        let name = PathPart.plain(digest)
        return "\(folder)/\(name.prefix(2))/\(name)"
    }

    public func contains(_ digest: String) -> Bool { FileManager.default.fileExists(atPath: path(of: digest)) }

    /// Keeps the content: temporary name, sync, rename, sync of the folder. Gives its digest.
    @discardableResult
    public func put(_ content: Data) throws(StageFailure) -> String {
        let digest = Self.digest(of: content)
        let place = path(of: digest)
        // What is there under the name but is not that content is written anew.
        if let kept = try? RegularFile.contents(of: place), Self.digest(of: kept) == digest {
            DurableFile.settle(place)
            touch(digest)
            return digest
        }
        try DurableFile.write(content, to: place)
        return digest
    }

    /// Says that the content is wanted now: whoever tidies up spares what was wanted a moment ago.
    public func touch(_ digest: String) { utimensat(AT_FDCWD, path(of: digest), nil, 0) }

    /// The content with this digest, checked against it.
    public func read(_ digest: String) throws(StageFailure) -> Data {
        let content: Data
        do throws(RegularFile.Failure) {
            content = try RegularFile.contents(of: path(of: digest))
        } catch {
            if error != .missing {
                throw StageFailure(
                    .broken, "object/damaged", "object '\(digest.prefix(12))' cannot be read: \(error)",
                    notes: ["it is \(path(of: digest))"])
            }
            throw StageFailure(
                .broken, "object/missing", "object '\(digest.prefix(12))' is not in the object store",
                notes: ["looked in \(path(of: digest))"])
        }
        guard Self.digest(of: content) == digest else {
            throw StageFailure(
                .broken, "object/damaged", "object '\(digest.prefix(12))' is damaged: its content has another digest",
                notes: ["it is \(path(of: digest))"])
        }
        return content
    }
}
