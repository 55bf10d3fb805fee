import CLibZip

/// Makes archives that are byte for byte the same for the same entries, whatever the time, its zone or the machine's user.
///
/// Every entry has the same time (1 January 2024), the mode 0644 and the same level of deflate. Another version of zlib
/// may compress differently: compare contents, not only archives.
public enum ZipWriter {
    /// In which order the entries lie in the archive.
    public enum Order: Sendable, Hashable {
        /// By the bytes of their names.
        case byName
        /// As given.
        case asGiven
    }

    /// The archive's bytes; refuses no entries, unsafe names and duplicates.
    public static func archive(_ entries: [ZipEntry], order: Order = .byName) throws(ZipError) -> [UInt8] {
        guard !entries.isEmpty else { throw ZipError(.empty, "an archive needs at least one entry") }
        try check(entries)
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let target = zip_source_buffer_create(nil, 0, 0, &error) else {
            throw ZipError(.unwritable, "cannot make an archive: \(String(cString: zip_error_strerror(&error)))")
        }
        zip_source_keep(target)
        defer { zip_source_free(target) }
        guard let handle = alm_zip_open_for_writing(target, &error) else {
            zip_source_free(target)
            throw ZipError(.unwritable, "cannot make an archive: \(String(cString: zip_error_strerror(&error)))")
        }
        do throws(ZipError) {
            for entry in order == .byName ? sorted(entries) : entries { try add(entry, to: handle) }
            guard zip_close(handle) == 0 else { throw failure("cannot finish the archive", handle) }
        } catch {
            zip_discard(handle)
            throw error
        }
        return try content(of: target)
    }

    /// Writes the archive to a file that is whole or absent at every instant.
    public static func write(_ entries: [ZipEntry], to path: String, order: Order = .byName) throws(ZipError) {
        try WholeFile.write(try archive(entries, order: order), to: path)
    }

    private static func sorted(_ entries: [ZipEntry]) -> [ZipEntry] {
        entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func check(_ entries: [ZipEntry]) throws(ZipError) {
        var names: Set<String> = []
        for entry in entries {
            if let problem = EntryName.problem(in: entry.name) {
                throw ZipError(.unsafeName, "entry '\(entry.name)' \(problem)", entry: entry.name)
            }
            guard !entry.name.hasSuffix("/") else {
                throw ZipError(.notAFile, "entry '\(entry.name)' is a folder", entry: entry.name)
            }
            guard names.insert(EntryName.folded(entry.name)).inserted else {
                throw ZipError(
                    .duplicateName, "'\(entry.name)' is there twice, or differs only in case", entry: entry.name)
            }
        }
    }

    private static func add(_ entry: ZipEntry, to handle: OpaquePointer) throws(ZipError) {
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let source = Buffer.source(of: entry.bytes, &error) else {
            throw ZipError(.unwritable, "cannot add '\(entry.name)': \(String(cString: zip_error_strerror(&error)))")
        }
        let index = zip_file_add(handle, entry.name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
        guard index >= 0 else {
            zip_source_free(source)
            throw failure("cannot add '\(entry.name)'", handle)
        }
        let day: UInt16 = (2024 - 1980) << 9 | 1 << 5 | 1
        guard zip_file_set_dostime(handle, UInt64(index), 0, day, 0) == 0,
            zip_file_set_external_attributes(
                handle, UInt64(index), 0, UInt8(ZIP_OPSYS_UNIX), UInt32(0o100644) << 16) == 0,
            zip_set_file_compression(handle, UInt64(index), ZIP_CM_DEFLATE, 9) == 0
        else { throw failure("cannot add '\(entry.name)'", handle) }
    }

    private static func content(of source: OpaquePointer) throws(ZipError) -> [UInt8] {
        var stat = zip_stat_t()
        zip_stat_init(&stat)
        guard zip_source_stat(source, &stat) == 0, zip_source_open(source) == 0 else {
            throw ZipError(.unwritable, "cannot read the finished archive")
        }
        defer { zip_source_close(source) }
        var bytes = [UInt8](repeating: 0, count: Int(stat.size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                zip_source_read(source, $0.baseAddress?.advanced(by: done), UInt64($0.count - done))
            }
            guard count > 0 else { throw ZipError(.unwritable, "cannot read the finished archive") }
            done += Int(count)
        }
        return bytes
    }

    private static func failure(_ what: String, _ handle: OpaquePointer) -> ZipError {
        ZipError(.unwritable, "\(what): \(String(cString: zip_strerror(handle)))")
    }
}
