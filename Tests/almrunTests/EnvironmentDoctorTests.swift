import Foundation
import Testing

/// The built command looks into environments, and compares what is there with what the runs say.
@Suite(.waits) struct EnvironmentDoctorTests {
    private func work() throws -> WorkFolder {
        let work = try WorkFolder()
        try FileManager.default.copyItem(
            atPath: "\(DocumentationTests.root)/examples/contoso-sales/solution", toPath: "\(work.path)/solution")
        try work.write(
            """
            inputs: { version: { type: string } }
            stages:
              pack:
                uses: solution.pack
                with: { source: solution, version: "${{ inputs.version }}", type: managed }
              promote:
                uses: solution.promote
                environment: dev
                with: { package: "${{ stages.pack.package }}" }
            """, "pipelines/p.yaml")
        try work.write(
            """
            target: { kind: directory, path: .almrun/environments/dev }
            connections:
              contoso_sharedcontososales: { connector: contoso-sales, connection: sales-dev-1 }
            variables: { contoso_SalesApiUrl: "https://api.dev.contoso.example" }
            flows: { default: enabled }
            """, "environments/dev.yaml")
        for version in ["1.0.0", "1.1.0"] {
            let run = try BuiltCommand.run(["run", "p", "--input", "version=\(version)"], in: work.path)
            try #require(run.status == 0, "\(run.output)\(run.error)")
        }
        return work
    }

    @Test func noPipeIsWaitedForNorADeviceRead() throws {
        let work = try work()
        defer { work.remove() }
        let script = #"""
            cd .almrun/environments/dev
            for file in packages/*.zip; do rm "$file"; done
            mkfifo "$file"
            cd ../../..
            timeout 20 "$ALMRUN" doctor; echo "status $?"
            rm .almrun/environments/dev/packages/*
            ln -s /dev/zero .almrun/environments/dev/$(cd .almrun/environments/dev; echo "$file")
            timeout 20 "$ALMRUN" doctor; echo "status $?"
            rm .almrun/environments/dev/environment.json
            mkfifo .almrun/environments/dev/environment.json
            for command in doctor "environment dev" "run p --input version=1.2.0" "rollback dev"; do
                timeout 20 "$ALMRUN" $command; echo "status $?"
            done
            """#
        let result = try BuiltCommand.shell(script, in: work.path)
        #expect(!result.output.contains("status 124") && !result.output.contains("status 0"), "\(result.output)")
        #expect(result.output.contains(".zip' is no regular file"), "\(result.output)\(result.error)")
        #expect(result.output.contains("environment.json' is no regular file"), "\(result.output)")
    }

    @Test func whatWasChangedIsNamedAndNothingIsRemoved() throws {
        let work = try work()
        defer { work.remove() }
        let folder = "\(work.path)/.almrun/environments/dev"
        let files = FileManager.default
        func doctor(_ options: String...) throws -> BuiltCommand.Result {
            try BuiltCommand.run(["doctor"] + options, in: work.path)
        }
        let healthy = try doctor()
        #expect(healthy.status == 0, "\(healthy.output)")
        #expect(healthy.output.contains("ok        environment dev: its state, its history and its packages are whole"))

        let state = "\(folder)/environment.json"
        let good = try Data(contentsOf: URL(filePath: state))
        let text = String(decoding: good, as: UTF8.self)
        try Data(text.replacing("api.dev.contoso.example", with: "evil.example").utf8).write(to: URL(filePath: state))
        let edited = try doctor("--repair")
        #expect(edited.status == 1)
        #expect(
            edited.output.contains("problem   environment dev: 1 thing is not as almrun left it"), "\(edited.output)")
        #expect(edited.output.contains("environment variable contoso_SalesApiUrl is https://evil.example"))

        try files.removeItem(atPath: state)
        let mended = try doctor("--repair")
        #expect(mended.output.contains("is missing, and 2 receipts and 2 packages are there"), "\(mended.output)")
        #expect(mended.output.contains("environment dev: 1 file is damaged or missing here, and whole elsewhere"))
        #expect(mended.status == 0 && !mended.output.contains("problem"), "\(mended.output)")
        #expect(try doctor().status == 0 && Data(contentsOf: URL(filePath: state)) == good)

        try files.removeItem(atPath: "\(folder)/history/state.json")
        try files.removeItem(atPath: state)
        let missing = try doctor("--repair", "--format", "json")
        #expect(missing.status == 1 && missing.output.contains("is missing, and 2 receipts and 2 packages are there"))
        #expect(missing.output.contains("step 'promote' of run 'p-"), "\(missing.output)")
        try files.moveItem(atPath: "\(folder)", toPath: "\(work.path)/elsewhere")
        let gone = try doctor()
        #expect(gone.status == 1 && gone.output.contains("correct 'target' if the folder was moved"), "\(gone.output)")
        try files.moveItem(atPath: "\(work.path)/elsewhere", toPath: folder)
        try good.write(to: URL(filePath: state))

        let packages = try files.contentsOfDirectory(atPath: "\(folder)/packages").sorted()
        try Data("other".utf8).write(to: URL(filePath: "\(folder)/packages/\(packages[0])"))
        try files.removeItem(atPath: "\(folder)/packages/\(packages[1])")
        try files.removeItem(atPath: "\(folder)/history/000001.json")
        let broken = try doctor()
        #expect(broken.output.contains("environment dev: 1 thing is not as almrun left it"), "\(broken.output)")
        #expect(broken.output.contains("environment dev: 2 files are damaged or missing here"), "\(broken.output)")
        for words in ["has another content than its name says", "is missing: ", "a rollback to", "the receipt"] {
            #expect(broken.output.contains(words), "\(words): \(broken.output)")
        }
        #expect(broken.output.contains("type: almrun environment dev --history"))

        try files.removeItem(atPath: "\(work.path)/environments/dev.yaml")
        let forgotten = try doctor()
        #expect(forgotten.output.contains("environments: 1 folder is of no environment that is declared"))
        #expect(forgotten.output.contains("            \(folder)\n"), "\(forgotten.output)")
    }

    /// As a rollback finds it: among the objects, then in another environment.
    @Test func aPackageIsPutBackFromWhereItIsWhole() throws {
        let work = try work()
        defer { work.remove() }
        let folder = "\(work.path)/.almrun/environments/dev/packages"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        func damage() throws {
            for name in names { try Data("x".utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
        }
        try damage()
        let found = try BuiltCommand.run(["doctor"], in: work.path)
        #expect(found.status == 1)
        #expect(found.output.contains("2 files are damaged or missing here, and whole elsewhere"))
        #expect(
            found.output.contains("a rollback to 'ContosoSales' 1.0.0.0 takes the package from the object store"),
            "\(found.output)")
        let rollback = try BuiltCommand.run(["rollback", "dev"], in: work.path)
        #expect(rollback.status == 0, "\(rollback.error)")
        try damage()
        let mended = try BuiltCommand.run(["doctor", "--repair"], in: work.path)
        #expect(mended.output.contains("did: put them back from there"), "\(mended.output)")
        #expect(try BuiltCommand.run(["doctor"], in: work.path).output.contains("ok        environment dev: its state"))
        // The objects are gone, and another environment has both.
        try FileManager.default.copyItem(
            atPath: "\(work.path)/.almrun/environments/dev", toPath: "\(work.path)/.almrun/environments/test")
        try work.write("target: { kind: directory, path: .almrun/environments/test }\n", "environments/test.yaml")
        try FileManager.default.removeItem(atPath: "\(work.path)/.almrun/objects")
        try damage()
        let other = try BuiltCommand.run(["doctor"], in: work.path)
        #expect(other.output.contains("takes the package from environment 'test'"), "\(other.output)")
        let back = try BuiltCommand.run(["rollback", "dev", "--to", "1.1.0"], in: work.path)
        #expect(back.status == 0, "\(back.error)")
    }

    /// What a run that failed there names leads on, and `doctor` says it once.
    @Test func aRunThatFailedAtADamagedOneGoesOnAfterTheRepair() throws {
        let work = try work()
        defer { work.remove() }
        try work.write("{\"a\"", ".almrun/environments/dev/environment.json")
        let failed = try BuiltCommand.run(["run", "p", "--input", "version=1.2.0"], in: work.path)
        #expect(failed.status == 3, "\(failed.output)\(failed.error)")
        let next = "next: `almrun doctor --repair` puts back what is whole elsewhere"
        #expect((failed.output + failed.error).contains(next), "\(failed.output)\(failed.error)")
        let found = try BuiltCommand.run(["doctor"], in: work.path)
        let told = found.output.split(separator: "\n").filter { $0.contains("is not as almrun writes it") }
        #expect(told.count == 1, "\(found.output)")
        #expect(found.output.contains("note      environments: not all can be read"), "\(found.output)")
        let mended = try BuiltCommand.run(["doctor", "--repair"], in: work.path)
        #expect(mended.status == 0, "\(mended.output)")
        let resumed = try BuiltCommand.run(["resume", "latest"], in: work.path)
        #expect(resumed.status == 0, "\(resumed.output)\(resumed.error)")
    }

    @Test func aDamagedOneHidesNoOther() throws {
        let work = try work()
        defer { work.remove() }
        try work.write("target: { kind: directory, path: .almrun/environments/prod }\n", "environments/prod.yaml")
        try work.write("{\"a\"", ".almrun/environments/prod/environment.json")
        let all = try BuiltCommand.run(["environment"], in: work.path)
        #expect(all.status == 3 && all.output.contains("dev: ContosoSales 1.1.0.0"), "\(all.output)\(all.error)")
        #expect(all.error.contains("prod/environment.json' is not as almrun writes it"), "\(all.error)")
        #expect(all.error.contains("until it is put back from a copy"), "\(all.error)")
        let json = try BuiltCommand.run(["environment", "--format", "json"], in: work.path)
        #expect(json.status == 3 && json.output.contains("\"unreadable\"") && json.output.contains("\"dev\""))
        #expect(json.error.contains("environment/damaged"), "\(json.error)")
        let alone = try BuiltCommand.run(["environment", "prod"], in: work.path)
        #expect(alone.status == 3 && alone.error.contains("until it is put back"), "\(alone.error)")
    }
}
