import Foundation
import Testing

@testable import Environments

/// An environment whose files somebody else changed: each change is named, with what it means.
@Suite struct EnvironmentExaminationTests: ExaminedEnvironment {
    let scratch = ScratchEnvironment()

    @Test func whatAlmrunLeavesIsFine() async throws {
        #expect(try await scratch.open().examine().isEmpty)
        let receipts = try await installed()
        #expect(try await scratch.open().examine(knowing: known(receipts)).isEmpty)
        // Another solution that shares a variable and a connection leaves them otherwise.
        let other = PackageContents.sample(solution: "ContosoService", flows: [])
        try await scratch.install(
            other, token: "t3",
            settings: EnvironmentSettings(
                connections: ["contoso_ref": .init(connection: "conn-2")],
                variables: ["contoso_Url": "https://other.example.com"]))
        #expect(try await scratch.open().examine(knowing: known(receipts)).isEmpty)
    }

    @Test func aMissingOrUnreadableStateIsNamed() async throws {
        let receipts = try await installed()
        try FileManager.default.removeItem(at: file("history/state.json"))
        try Data("{".utf8).write(to: file("environment.json"))
        let unreadable = try await scratch.open().examine(knowing: known(receipts))
        #expect(unreadable.map(\.kind) == [.problem])
        #expect(unreadable.first?.message.contains("environment.json' is not as almrun writes it") == true)
        #expect(unreadable.first?.consequence.contains("put back from a copy") == true)
        try FileManager.default.removeItem(at: file("environment.json"))
        let missing = try await scratch.open().examine()
        #expect(missing.first?.message.contains("is missing, and 2 receipts and 2 packages are there") == true)
        // One receipt alone may be of an installation that was cut off, unless a run knows better.
        try FileManager.default.removeItem(atPath: scratch.path)
        let gone = try await scratch.open().examine(knowing: known(receipts))
        #expect(gone.count == 1 && gone.first?.message.contains("is not there: step 'promote' of run 'r2'") == true)
        #expect(try await scratch.open().examine().isEmpty)
    }

    /// A pipe would be waited for, and a device be read without an end.
    @Test(arguments: ["pipe", "/dev/zero", "/dev/null", "folder"]) func whatIsNoFileIsNamed(_ kind: String) async throws
    {
        let receipts = try await installed()
        for name in ["packages/\(receipts[0].digest).zip", "history/000001.json", "environment.json"] {
            let place = file(name)
            let kept = try Data(contentsOf: place)
            try FileManager.default.removeItem(at: place)
            switch kind {
            case "pipe": #expect(mkfifo(place.path, 0o644) == 0)
            case "folder": try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
            default: try FileManager.default.createSymbolicLink(atPath: place.path, withDestinationPath: kind)
            }
            let found = try await scratch.open().examine(knowing: known(receipts))
            #expect(found.contains { $0.message.contains("'\(place.path)' is no regular file") }, "\(name): \(found)")
            if name == "environment.json" {
                await #expect(throws: EnvironmentError.self) { _ = try await scratch.open().state() }
            }
            try FileManager.default.removeItem(at: place)
            try kept.write(to: place)
        }
        #expect(try await scratch.open().examine(knowing: known(receipts)).isEmpty)
    }

    @Test func anEditedHistoryIsNamed() async throws {
        let receipts = try await installed()
        let receipt = "history/000001.json"
        let good = try Data(contentsOf: file(receipt))
        func messages() async throws -> [String] {
            try await scratch.open().examine(knowing: known(receipts)).map(\.message)
        }
        try change(receipt, "ada@example.com", "eve@example.com")
        #expect(try await messages().contains { $0.contains("tell of operation 1 with another person") })
        try FileManager.default.removeItem(at: file(receipt))
        #expect(try await messages().contains { $0.contains("the receipt") && $0.contains("is missing") })
        try good.write(to: file(receipt))
        try good.write(to: file("history/000003.json"))
        #expect(
            try await messages().contains {
                $0.contains("ends with operation 2, and the receipt '") && $0.contains("000003.json' is there")
            })
        try FileManager.default.removeItem(at: file("history/000003.json"))
        try change("environment.json", "\"sequence\" : 2", "\"sequence\" : 7")
        #expect(try await messages().contains { $0.contains("are not numbered one after the other") })
    }

    @Test func anEditedStateIsNamed() async throws {
        let receipts = try await installed()
        let good = try Data(contentsOf: file("environment.json"))
        for (old, new, message) in [
            ("https://api.example.com", "https://evil.example.com", "environment variable contoso_Url is https://evil"),
            ("conn-1", "conn-9", "connection reference contoso_ref is conn-9"),
            (
                "\"flows\" : {", "\"flows\" : { \"f9\" : { \"isOn\" : true, \"name\" : \"x\", \"solution\" : \"y\" },",
                "f9"
            ),
            ("\"isManaged\" : true", "\"isManaged\" : false", "kind of solution ContosoSales is unmanaged"),
        ] {
            try change("environment.json", old, new)
            let found = try await scratch.open().examine(knowing: known(receipts))
            #expect(found.contains { $0.kind == .problem && $0.message.contains(message) }, "\(message): \(found)")
            // What is whole is left alone, and copied anew.
            try good.write(to: file("environment.json"))
            try await scratch.open().mendState()
            #expect(try Data(contentsOf: file("environment.json")) == good)
            #expect(try Data(contentsOf: file("history/state.json")) == good)
        }
        // Put back to what it was before the last deployment: only the run and the receipt know of that.
        var older = try await scratch.open().state()
        older.operations.removeLast()
        try StateCoding.readable(older).write(to: file("environment.json"))
        try FileManager.default.removeItem(at: file("history/000002.json"))
        let found = try await scratch.open().examine(knowing: known(receipts)).map(\.message)
        #expect(found.contains { $0.contains("step 'promote' of run 'r2'") && $0.contains("does not know of it") })
        #expect(found.contains { $0.hasPrefix("version of solution ContosoSales is 1.1.0.0, expected 1.0.0.0") })
    }

    @Test func changedAndMissingPackagesAreNamed() async throws {
        let receipts = try await installed()
        try Data("other".utf8).write(to: file("packages/\(receipts[1].digest).zip"))
        try FileManager.default.removeItem(at: file("packages/\(receipts[0].digest).zip"))
        let found = try await scratch.open().examine(knowing: known(receipts))
        #expect(found.count == 2)
        #expect(found[0].message.contains("has another content than its name says"))
        #expect(found[0].consequence.contains("'ContosoSales' 1.1.0.0, which is installed"))
        #expect(found[1].message.hasSuffix("\(receipts[0].digest).zip' is missing"))
        #expect(found[1].consequence.contains("a rollback to 'ContosoSales' 1.0.0.0 cannot be made"))
    }

    /// A rollback takes the package from there, and so does a repair.
    @Test func aPackageThatIsWholeElsewhereIsPutBack() async throws {
        let receipts = try await installed()
        let files = receipts.map { file("packages/\($0.digest).zip") }
        let whole = try files.map { try Data(contentsOf: $0) }
        let digest = receipts[0].digest
        let copy: DirectoryEnvironment.CopyFinder = { wanted in
            wanted == digest ? .init(place: "the object store", bytes: whole[0]) : nil
        }
        for isMissing in [false, true] {
            for place in files { try Data("other".utf8).write(to: place) }
            if isMissing { try FileManager.default.removeItem(at: files[0]) }
            let found = try await scratch.open().examine(knowing: known(receipts), copy: copy)
            #expect(Set(found.map(\.kind)) == [.problem, .mendable])
            #expect(
                found.first { $0.kind == .mendable }?.consequence
                    == "a rollback to 'ContosoSales' 1.0.0.0 takes the package from the object store, which has it whole"
            )
            try await scratch.open().putBackPackages(copy)
            #expect(try Data(contentsOf: files[0]) == whole[0])
            #expect(try Data(contentsOf: files[1]) == Data("other".utf8))
        }
        // What only says that it is the package is not taken.
        try Data("other".utf8).write(to: files[0])
        try await scratch.open().putBackPackages { _ in .init(place: "elsewhere", bytes: Data("more".utf8)) }
        #expect(try Data(contentsOf: files[0]) == Data("other".utf8))
        // An installation stops at what is no file, and so does the repair.
        try FileManager.default.removeItem(at: files[0])
        #expect(mkfifo(files[0].path, 0o644) == 0)
        let pipe = try await scratch.open().examine(knowing: known(receipts), copy: copy)
        #expect(pipe.allSatisfy { $0.kind == .problem })
        #expect(
            pipe.contains {
                $0.consequence.hasSuffix(
                    "cannot be made: remove what is there, as the object store has the package whole")
            }, "\(pipe)")
    }

    /// What lies under a wrong name may be all that there is of a package: it is never written over.
    @Test func aPackageUnderAnotherNameIsKept() async throws {
        let receipts = try await installed()
        let files = receipts.map { file("packages/\($0.digest).zip") }
        let whole = try files.map { try Data(contentsOf: $0) }
        let copy: DirectoryEnvironment.CopyFinder = { digest in
            receipts[1].digest == digest ? .init(place: "the object store", bytes: whole[1]) : nil
        }
        for isDamaged in [false, true] {
            try FileManager.default.removeItem(at: files[1])
            try FileManager.default.moveItem(at: files[0], to: files[1])
            if isDamaged { try Data("other".utf8).write(to: files[0]) }
            let found = try await scratch.open().examine(knowing: known(receipts), copy: copy)
            #expect(found.map(\.kind) == [.problem, .problem], "\(found)")
            #expect(
                found.contains {
                    $0.consequence.hasSuffix(
                        "cannot be made: it is in '\(files[1].path)', under another name: move it back")
                }, "\(found)")
            #expect(
                found.contains { $0.consequence.contains("move it to its own name, '\(files[0].path)'") }, "\(found)")
            try await scratch.open().putBackPackages(copy)
            #expect(try Data(contentsOf: files[1]) == whole[0])
            // As it says: moved by a person, then the other one is put back.
            try? FileManager.default.removeItem(at: files[0])
            try FileManager.default.moveItem(at: files[1], to: files[0])
            let moved = try await scratch.open().examine(knowing: known(receipts), copy: copy)
            #expect(moved.map(\.kind) == [.mendable], "\(moved)")
            try await scratch.open().putBackPackages(copy)
            #expect(try files.map { try Data(contentsOf: $0) } == whole)
        }
        // Both have each other's name, and nothing else has the first.
        for (place, bytes) in zip(files, whole.reversed()) { try bytes.write(to: place) }
        let swapped = try await scratch.open().examine(knowing: known(receipts))
        #expect(swapped.map(\.kind) == [.problem, .problem])
        #expect(swapped.allSatisfy { $0.consequence.contains("which nothing else has") }, "\(swapped)")
        try await scratch.open().putBackPackages(copy)
        #expect(try Data(contentsOf: files[1]) == whole[0])
    }

    /// A repair puts the package in the place of the link.
    @Test func aLinkThatLeadsNowhereIsNoPackage() async throws {
        let receipts = try await installed()
        let place = file("packages/\(receipts[0].digest).zip")
        let whole = try Data(contentsOf: place)
        try FileManager.default.removeItem(at: place)
        try FileManager.default.createSymbolicLink(atPath: place.path, withDestinationPath: "\(scratch.path)/nowhere")
        let copy: DirectoryEnvironment.CopyFinder = { _ in .init(place: "the object store", bytes: whole) }
        let found = try await scratch.open().examine(knowing: known(receipts), copy: copy)
        #expect(found.map(\.kind) == [.mendable] && found.first?.message.hasSuffix("is missing") == true, "\(found)")
        try await scratch.open().putBackPackages(copy)
        #expect(try await scratch.open().examine(knowing: known(receipts)).isEmpty)
        #expect(try Data(contentsOf: place) == whole)
    }

    @Test func whatACrashLeavesIsNoProblem() async throws {
        let receipts = try await installed()
        for point in Disk.Point.allCases {
            let disk = Disk { reached, path in
                if reached == point, path.contains("environment.json") || path.contains("intent") {
                    throw Disk.Interruption()
                }
            }
            _ = try? await scratch.install(.sample("2.0.0.0"), token: "t3", settings: .sample, disk: disk)
            let found = try await scratch.open().examine(knowing: known(receipts))
            #expect(found.allSatisfy { $0.kind != .problem }, "\(point): \(found)")
        }
        // The effect took place, and the note of the installation stayed.
        let intent = UnfinishedOperation(
            token: "t1", solution: "ContosoSales", version: "1.0.0.0", digest: "dd", by: "ada", at: scratch.clock.now)
        try StateCoding.readable(intent).write(to: file("intent.json"))
        let before = try Data(contentsOf: file("environment.json"))
        #expect(try await scratch.open().examine().map(\.kind) == [.leftover])
        try await scratch.open().removeLeftovers()
        #expect(!FileManager.default.fileExists(atPath: file("intent.json").path))
        #expect(try await scratch.open().examine().isEmpty)
        #expect(try Data(contentsOf: file("environment.json")) == before)
        try Data("{".utf8).write(to: file("intent.json"))
        #expect(try await scratch.open().examine().map(\.kind) == [.problem])
    }
}
