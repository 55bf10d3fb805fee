/// Says which archive or entry could not be read or written, and why, in libzip's own words where it has any.
public struct ZipError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What callers may want to tell apart; `code` is the same in the form of diagnostics.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Not a zip archive, or one that is cut off or contradicts itself.
        case damaged
        /// An entry's bytes are not what its checksum says.
        case checksum
        /// An entry would leave the folder that it is unpacked into.
        case unsafeName = "unsafe-name"
        /// Two entries have the same name, or names that differ only in case.
        case duplicateName = "duplicate-name"
        /// An entry is a symbolic link or a device.
        case notAFile = "not-a-file"
        /// An entry is encrypted.
        case encrypted
        /// An entry is bigger than it says, than allowed, or than its compressed form makes believable.
        case tooLarge = "too-large"
        /// There is no such entry.
        case noSuchEntry = "no-such-entry"
        /// The archive would have no entry.
        case empty
        /// The file cannot be read.
        case unreadable
        /// The file cannot be written.
        case unwritable
    }

    /// What went wrong, for programs.
    public var kind: Kind
    /// What went wrong, for people: lower case, no full stop.
    public var message: String
    /// The name of the entry it is about, as the archive spells it.
    public var entry: String?

    /// An error of a kind with its sentence.
    public init(_ kind: Kind, _ message: String, entry: String? = nil) {
        self.kind = kind
        self.message = message
        self.entry = entry
    }

    /// The code of the diagnostic for this error, such as `zip/unsafe-name`.
    public var code: String { "zip/\(kind.rawValue)" }

    public var description: String { message }
}
