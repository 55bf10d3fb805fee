import Testing
import Zip

@Suite struct ZipArchiveTests {
    @Test func readsWhatAnotherWriterWrote() throws {
        let raw = RawZip(entries: [
            .init("customizations.xml", "<a/>"), .init("Workflows/", ""), .init("Workflows/Å.json", "{}"),
        ])
        let entries = try ZipArchive.entries(of: raw.bytes)
        #expect(entries.map(\.name) == ["customizations.xml", "Workflows/Å.json"])
        #expect(entries.map { String(decoding: $0.bytes, as: UTF8.self) } == ["<a/>", "{}"])
    }

    @Test(arguments: [
        "../evil.xml", "a/../../evil.xml", "/etc/passwd", "C:/windows", "c:evil", "a\\..\\b", "./x", "a//b", "a/./b",
        "..",
        "line\nbreak",
    ])
    func refusesNamesThatLeadOut(_ name: String) {
        let error = #expect(throws: ZipError.self) { try ZipArchive.entries(of: RawZip(entries: [.init(name)]).bytes) }
        #expect(error?.kind == .unsafeName)
        #expect(error?.code == "zip/unsafe-name")
    }

    @Test func refusesANameThatIsNotUTF8() {
        var entry = RawZip.Entry("x")
        entry.name = [0x61, 0xff, 0x62]
        entry.flags = 0
        let error = #expect(throws: ZipError.self) { try ZipArchive.entries(of: RawZip(entries: [entry]).bytes) }
        #expect(error?.kind == .unsafeName)
    }

    @Test(arguments: [["a.xml", "a.xml"], ["Workflows/a", "workflows/A"], ["a", "a/b"]])
    func refusesNamesThatCollide(_ names: [String]) {
        let raw = RawZip(entries: names.map { .init($0) })
        let error = #expect(throws: ZipError.self) { try ZipArchive.entries(of: raw.bytes) }
        #expect(error?.kind == .duplicateName)
    }

    @Test func refusesASymbolicLink() {
        var entry = RawZip.Entry("link", "/etc/passwd")
        entry.attributes = 0o120777 << 16
        let error = #expect(throws: ZipError.self) { try ZipArchive.entries(of: RawZip(entries: [entry]).bytes) }
        #expect(error?.kind == .notAFile)
        #expect(error?.message == "entry 'link' is a symbolic link")
    }

    @Test func refusesAnEncryptedEntry() {
        var entry = RawZip.Entry("secret", "0123456789abcdef")
        entry.flags = 0x801
        let error = #expect(throws: ZipError.self) { try ZipArchive.entries(of: RawZip(entries: [entry]).bytes) }
        #expect(error?.kind == .encrypted)
    }

    @Test func reportsAWrongChecksum() {
        var entry = RawZip.Entry("a.xml")
        entry.checksum = 1
        let error = #expect(throws: ZipError.self) { try ZipArchive.entries(of: RawZip(entries: [entry]).bytes) }
        #expect(error?.kind == .checksum)
        #expect(error?.entry == "a.xml")
    }

    /// A bomb that declares 100 bytes and would give a megabyte.
    @Test func stopsAtTheDeclaredSize() throws {
        var archive = try ZipWriter.archive([ZipEntry(name: "bomb", bytes: [UInt8](repeating: 0, count: 1 << 20))])
        patchSizes(&archive, to: 100)
        let error = #expect(throws: ZipError.self) { try ZipArchive.entries(of: archive) }
        #expect(error?.kind == .tooLarge || error?.kind == .damaged)
    }

    @Test func refusesABombByItsRatio() throws {
        let archive = try ZipWriter.archive([ZipEntry(name: "bomb", bytes: [UInt8](repeating: 0, count: 16 << 20))])
        let error = #expect(throws: ZipError.self) { try ZipArchive.entries(of: archive) }
        #expect(error?.kind == .tooLarge)
    }

    @Test func refusesMoreThanTheLimits() throws {
        let entries = [ZipEntry(name: "a", bytes: [1, 2, 3]), ZipEntry(name: "b", bytes: [4, 5, 6])]
        let archive = try ZipWriter.archive(entries)
        for limits in [ZipLimits(entries: 1), ZipLimits(entryBytes: 2), ZipLimits(totalBytes: 5)] {
            let error = #expect(throws: ZipError.self) { try ZipArchive.entries(of: archive, limits: limits) }
            #expect(error?.kind == .tooLarge)
        }
        #expect(
            try ZipArchive.entries(of: archive, limits: ZipLimits(entries: 2, entryBytes: 3, totalBytes: 6)) == entries)
    }

    @Test func refusesATruncatedArchiveAtEveryLength() throws {
        let archive = RawZip(entries: [.init("a.xml"), .init("b/c.json")]).bytes
        for length in 0..<archive.count {
            #expect(throws: ZipError.self) { try ZipArchive.entries(of: Array(archive.prefix(length))) }
        }
    }

    /// Whatever byte is damaged, reading ends with an error or with entries, never with a crash or a name that leads out.
    @Test func survivesEveryDamagedByte() throws {
        let archive = RawZip(entries: [.init("a.xml"), .init("b/c.json")]).bytes
        for index in archive.indices {
            for value: UInt8 in [0, 0x2f, 0x5c, 0xff] {
                var damaged = archive
                damaged[index] = value
                guard let entries = try? ZipArchive.entries(of: damaged) else { continue }
                #expect(entries.allSatisfy { !$0.name.hasPrefix("/") && !$0.name.contains("\\") })
            }
        }
    }

    @Test func readsOneEntryByName() throws {
        let archive = try ZipArchive(bytes: RawZip(entries: [.init("a", "1"), .init("b", "2")]).bytes)
        #expect(try archive.read("b") == Array("2".utf8))
        #expect(archive.entries.map(\.size) == [1, 1])
        #expect(throws: ZipError(.noSuchEntry, "there is no entry 'c' in the archive", entry: "c")) {
            try archive.read("c")
        }
    }

    @Test func aMissingFileAndAFolderAreErrors() {
        for path in ["/nonexistent/x.zip", "/tmp"] {
            let error = #expect(throws: ZipError.self) { _ = try ZipArchive(path: path) }
            #expect(error?.kind == .unreadable)
        }
    }

    private func patchSizes(_ archive: inout [UInt8], to size: UInt32) {
        let field = (0..<4).map { UInt8(size >> UInt32(8 * $0) & 255) }
        for index in 0..<(archive.count - 30) where archive[index] == 0x50 && archive[index + 1] == 0x4b {
            if archive[index + 2] == 3 && archive[index + 3] == 4 {
                archive.replaceSubrange(index + 22..<index + 26, with: field)
            }
            if archive[index + 2] == 1 && archive[index + 3] == 2 {
                archive.replaceSubrange(index + 24..<index + 28, with: field)
            }
        }
    }
}
