import CLibZip

extension ZipArchive {
    /// The libzip that is linked, such as `1.7.3`.
    public static var linkedVersion: String { zip_libzip_version().map { String(cString: $0) } ?? "unknown" }
}
