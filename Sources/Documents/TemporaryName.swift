/// The names that files and folders have while they are written, so that what a crash leaves behind is known again.
///
/// Every writer takes its names from here; `WholeFile` of the room Zip has the suffix once more, and a test compares them.
public enum TemporaryName {
    /// What a name says of its file.
    public enum Kind: Sendable, Hashable {
        /// Content that never got its name: nobody needs it.
        case unfinished
        /// The same by a name that others may give too: it counts only in folders in which nobody else writes.
        case unfinishedInOurFolders
        /// What was there before and was put aside for a moment: it may be the only copy.
        case putAside
    }

    /// Follows the name of the file that it becomes; `mkstemp` and `mkdtemp` put letters and digits for each `X`.
    ///
    /// Nobody types it: what has it may be removed wherever it lies.
    public static let suffix = ".almrun-tmp-XXXXXX"

    /// A new name beside a path, for `mkstemp` and `mkdtemp`.
    public static func template(for path: String) -> String { path + suffix }

    /// The one name beside a path, where a lock keeps everybody else out.
    public static func partial(of path: String) -> String { path + ".partial" }

    /// Where a folder is put aside for which the temporary one is the new content.
    public static func putAside(by temporary: String) -> String { temporary + ".old" }

    /// What the last part of a path says; nil for a name that is nobody's while writing.
    public static func kind(of path: String) -> Kind? {
        let name = path.split(separator: "/").last ?? ""
        if name.hasSuffix(".old"), isUnfinished(name.dropLast(4)) { return .putAside }
        if isUnfinished(name) { return .unfinished }
        return name.hasSuffix(".partial") || isEarlier(name) ? .unfinishedInOurFolders : nil
    }

    /// The path that a thing which was put aside had before.
    public static func original(of putAside: String) -> String {
        String(putAside.dropLast(suffix.utf8.count + 4))
    }

    private static func isUnfinished(_ name: some StringProtocol) -> Bool {
        isRandom(name.suffix(6)) && name.dropLast(6).hasSuffix(".almrun-tmp-") && name.utf8.count > suffix.utf8.count
    }

    /// `NAME.XXXXXX`, as versions before wrote objects, settings, packages and reports.
    private static func isEarlier(_ name: some StringProtocol) -> Bool {
        guard isRandom(name.suffix(6)), name.dropLast(6).hasSuffix(".") else { return false }
        let stem = name.dropLast(7)
        return stem.utf8.count == 64 || [".json", ".zip", ".xml"].contains { stem.hasSuffix($0) }
    }

    private static func isRandom(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 6
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
            }
    }
}
