import CLibZip

/// An archive that is open for reading: every name in it is checked, and no entry gives more bytes than it declared.
///
/// Opening it refuses names that lead out, duplicate names, links, encrypted entries and impossible sizes, all before
/// a byte is unpacked. The handle closes when the value's scope ends.
public struct ZipArchive: ~Copyable {
    /// One entry as the archive's directory lists it.
    public struct Listing: Sendable, Hashable {
        /// The path inside the archive.
        public var name: String
        /// The declared size of the content.
        public var size: Int
        /// The size of the compressed content.
        public var compressedSize: Int
        /// The declared CRC-32 of the content.
        public var checksum: UInt32
        let index: UInt64
    }

    /// The files of the archive in the order of its directory; folders have no entry here.
    public let entries: [Listing]
    /// What the archive may hold.
    public let limits: ZipLimits
    private let handle: OpaquePointer

    /// Opens an archive that is in memory; `name` is what errors call it.
    public init(bytes: [UInt8], name: String = "the archive", limits: ZipLimits = ZipLimits()) throws(ZipError) {
        let opened = try Self.open(bytes, name, limits)
        do throws(ZipError) {
            entries = try Self.list(opened, name, limits)
        } catch {
            zip_discard(opened)
            throw error
        }
        self.limits = limits
        handle = opened
    }

    /// Opens an archive file.
    public init(path: String, limits: ZipLimits = ZipLimits()) throws(ZipError) {
        try self.init(bytes: try WholeFile.read(path), name: "'\(path)'", limits: limits)
    }

    deinit { zip_discard(handle) }

    /// Every file of an archive in memory, in the order of its directory.
    public static func entries(
        of bytes: [UInt8], name: String = "the archive", limits: ZipLimits = ZipLimits()
    ) throws(ZipError) -> [ZipEntry] {
        let archive = try ZipArchive(bytes: bytes, name: name, limits: limits)
        var result: [ZipEntry] = []
        var total = 0
        for listing in archive.entries {
            let bytes = try archive.read(listing)
            total += bytes.count
            guard total <= limits.totalBytes else {
                throw ZipError(.tooLarge, "\(name) holds more than \(limits.totalBytes) bytes")
            }
            result.append(ZipEntry(name: listing.name, bytes: bytes))
        }
        return result
    }

    /// The content of the entry with this name.
    public borrowing func read(_ name: String) throws(ZipError) -> [UInt8] {
        for listing in entries where listing.name == name { return try read(listing) }
        throw ZipError(.noSuchEntry, "there is no entry '\(name)' in the archive", entry: name)
    }

    /// The content of an entry: stops at its declared size and at the limits, and checks its CRC.
    public borrowing func read(_ listing: Listing) throws(ZipError) -> [UInt8] {
        guard let file = zip_fopen_index(handle, listing.index, 0) else {
            throw ZipError(.damaged, "entry '\(listing.name)' cannot be opened: \(words)", entry: listing.name)
        }
        defer { zip_fclose(file) }
        var content: [UInt8] = []
        content.reserveCapacity(min(listing.size, 1 << 20))
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { zip_fread(file, $0.baseAddress, UInt64($0.count)) }
            if count == 0 { break }
            if count < 0 {
                guard let error = zip_file_get_error(file) else { throw ZipError(.damaged, "it cannot be read") }
                let isChecksum = zip_error_code_zip(error) == ZIP_ER_CRC
                let reason = String(cString: zip_error_strerror(error))
                throw ZipError(
                    isChecksum ? .checksum : .damaged, "entry '\(listing.name)' is damaged: \(reason)",
                    entry: listing.name)
            }
            content.append(contentsOf: chunk.prefix(Int(count)))
            guard content.count <= listing.size else {
                throw ZipError(
                    .tooLarge, "entry '\(listing.name)' holds more than the \(listing.size) bytes that it declares",
                    entry: listing.name)
            }
            try Self.checkRatio(content.count, listing, limits)
        }
        guard content.count == listing.size else {
            throw ZipError(
                .damaged, "entry '\(listing.name)' holds \(content.count) bytes and declares \(listing.size)",
                entry: listing.name)
        }
        return content
    }

    private var words: String { String(cString: zip_strerror(handle)) }

    /// Opens strictly, so that the entries' own headers must agree with the directory.
    private static func open(_ bytes: [UInt8], _ name: String, _ limits: ZipLimits) throws(ZipError) -> OpaquePointer {
        guard !bytes.isEmpty else { throw ZipError(.damaged, "\(name) is empty") }
        do throws(ZipError) {
            return try open(bytes, name, strict: true)
        } catch {
            // libzip says only "inconsistent": the directory may tell more.
            guard let lenient = try? open(bytes, name, strict: false) else { throw error }
            defer { zip_discard(lenient) }
            _ = try list(lenient, name, limits)
            throw error
        }
    }

    private static func open(_ bytes: [UInt8], _ name: String, strict: Bool) throws(ZipError) -> OpaquePointer {
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let source = Buffer.source(of: bytes, &error) else {
            throw ZipError(.damaged, "\(name) cannot be read: \(String(cString: zip_error_strerror(&error)))")
        }
        guard let opened = alm_zip_open_for_reading(source, strict ? 1 : 0, &error) else {
            zip_source_free(source)
            let reason = String(cString: zip_error_strerror(&error))
            throw ZipError(.damaged, "\(name) is not a readable zip archive: \(reason)")
        }
        return opened
    }

    private static func list(
        _ handle: OpaquePointer, _ name: String, _ limits: ZipLimits
    ) throws(ZipError) -> [Listing] {
        let count = Int(zip_get_num_entries(handle, 0))
        guard count <= limits.entries else {
            throw ZipError(.tooLarge, "\(name) has \(count) entries; at most \(limits.entries) are read")
        }
        var listings: [Listing] = []
        var names: [String: String] = [:]
        var total = 0
        for index in 0..<UInt64(max(count, 0)) {
            let entry = try listing(handle, index, name)
            try checkKind(handle, entry)
            if let other = names.updateValue(entry.name, forKey: EntryName.folded(entry.name)) {
                let what = other == entry.name ? "twice" : "as '\(other)' too, which differs only in case"
                throw ZipError(.duplicateName, "\(name) has '\(entry.name)' \(what)", entry: entry.name)
            }
            if entry.name.hasSuffix("/") { continue }
            guard entry.size <= limits.entryBytes else {
                throw ZipError(
                    .tooLarge,
                    "entry '\(entry.name)' declares \(entry.size) bytes; at most \(limits.entryBytes) are read",
                    entry: entry.name)
            }
            try checkRatio(entry.size, entry, limits)
            total += entry.size
            guard total <= limits.totalBytes else {
                throw ZipError(.tooLarge, "\(name) declares more than \(limits.totalBytes) bytes of content")
            }
            listings.append(entry)
        }
        try checkFolders(listings, name)
        return listings
    }

    private static func listing(
        _ handle: OpaquePointer, _ index: UInt64, _ name: String
    ) throws(ZipError) -> Listing {
        var stat = zip_stat_t()
        zip_stat_init(&stat)
        guard zip_stat_index(handle, index, zip_flags_t(ZIP_FL_ENC_RAW), &stat) == 0, let raw = stat.name else {
            throw ZipError(
                .damaged, "entry \(index) of \(name) cannot be read: \(String(cString: zip_strerror(handle)))")
        }
        guard let entry = String(validatingCString: raw) else {
            throw ZipError(.unsafeName, "the name of entry \(index) of \(name) is not UTF-8")
        }
        if let problem = EntryName.problem(in: entry) {
            throw ZipError(.unsafeName, "entry '\(entry)' of \(name) \(problem)", entry: entry)
        }
        guard stat.encryption_method == 0 else {
            throw ZipError(.encrypted, "entry '\(entry)' of \(name) is encrypted", entry: entry)
        }
        guard let size = Int(exactly: stat.size), let compressed = Int(exactly: stat.comp_size) else {
            throw ZipError(.tooLarge, "entry '\(entry)' of \(name) declares an impossible size", entry: entry)
        }
        return Listing(name: entry, size: size, compressedSize: compressed, checksum: stat.crc, index: index)
    }

    /// Refuses links and devices; a Unix writer puts the kind of file into the upper half of the attributes.
    private static func checkKind(_ handle: OpaquePointer, _ entry: Listing) throws(ZipError) {
        var system: UInt8 = 0
        var attributes: UInt32 = 0
        guard zip_file_get_external_attributes(handle, entry.index, 0, &system, &attributes) == 0 else { return }
        let kind = attributes >> 16 & 0o170000
        if kind == 0 || kind == 0o100000 || kind == 0o040000 { return }
        let what = kind == 0o120000 ? "a symbolic link" : "not a regular file"
        throw ZipError(.notAFile, "entry '\(entry.name)' is \(what)", entry: entry.name)
    }

    private static func checkRatio(_ size: Int, _ entry: Listing, _ limits: ZipLimits) throws(ZipError) {
        guard size > limits.ratioFloor, size / limits.ratio > entry.compressedSize else { return }
        throw ZipError(
            .tooLarge,
            "entry '\(entry.name)' grows from \(entry.compressedSize) to more than \(size) bytes: "
                + "more than \(limits.ratio) times its compressed size",
            entry: entry.name)
    }

    /// Refuses a file whose name is also the folder of another one.
    private static func checkFolders(_ entries: [Listing], _ name: String) throws(ZipError) {
        let files = Set(entries.map { EntryName.folded($0.name) })
        for entry in entries {
            var parts = entry.name.split(separator: "/").map(String.init)
            while parts.count > 1 {
                parts.removeLast()
                let folder = parts.joined(separator: "/")
                if files.contains(EntryName.folded(folder)) {
                    throw ZipError(
                        .duplicateName, "\(name) has '\(folder)' as a file and as a folder", entry: entry.name)
                }
            }
        }
    }
}
