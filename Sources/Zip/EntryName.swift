/// The rules that a name in an archive obeys, so that unpacking it stays inside the folder it is unpacked into.
enum EntryName {
    /// What is wrong with the name, or nil when it is safe.
    static func problem(in name: String) -> String? {
        if name.isEmpty { return "has no name" }
        if name.hasPrefix("/") { return "is an absolute path" }
        if name.utf8.contains(UInt8(ascii: "\\")) { return "has a backslash in its name" }
        if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return "has a control character in its name" }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.isEmpty && index != parts.count - 1 { return "has an empty folder name" }
            if part == ".." { return "leads out of the folder with '..'" }
            if part == "." { return "has '.' as a folder name" }
        }
        let first = Array(name.utf8.prefix(2))
        if first.count == 2 && first[1] == UInt8(ascii: ":") { return "begins with a drive letter" }
        return nil
    }

    /// The name as file systems that ignore case compare it.
    static func folded(_ name: String) -> String { name.lowercased() }
}
