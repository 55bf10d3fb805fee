import CLibZip

extension ZipArchive {
    /// The libzip that is linked, such as `1.7.3`.
    public static var libraryVersion: String { zip_libzip_version().map { String(cString: $0) } ?? "unknown" }
}
