import Foundation
import Testing

/// The built command, killed by the fault library at some of its operations on files; `make torture` tries them all.
@Suite(.waits) struct FaultsTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private static let compiler = ["/usr/bin/clang", "/usr/bin/cc", "/usr/bin/gcc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static func builtSeam(in folder: String) throws -> String {
        let path = "\(folder)/libfaults.so"
        let process = Process()
        process.executableURL = URL(filePath: try #require(compiler))
        process.arguments = ["-O1", "-shared", "-fPIC", "-o", path, "\(package)/Torture/Faults/faults.c"]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return path
    }

    @Test(.enabled(if: compiler != nil, "there is no C compiler"))
    func killedAtAnyOperationItCarriesOn() throws {
        let base = try WorkFolder()
        defer { base.remove() }
        let library = try Self.builtSeam(in: base.path)
        var points = 0
        var killed = 0
        // Without a fault first; then at operations all over the run.
        for share in stride(from: 0.0, to: 1, by: 0.06) {
            let work = try WorkFolder()
            defer { work.remove() }
            for name in ["solution", "connector"] {
                try FileManager.default.copyItem(
                    atPath: "\(Self.package)/examples/contoso-sales/\(name)", toPath: "\(work.path)/\(name)")
            }
            try Self.write(work.path)
            let report = "\(base.path)/report"
            try? FileManager.default.removeItem(atPath: report)
            let begun = try BuiltCommand.run(
                ["run", "p"], in: work.path,
                environment: [
                    "LD_PRELOAD": library, "FAULT_ROOT": work.path, "FAULT_REPORT": report,
                    "FAULT_KIND": share > 0 ? "before" : "count", "FAULT_AT": "\(Int(Double(points) * share))",
                ])
            if share == 0 {
                #expect(begun.status == 0, "\(begun.error)")
                let data = try Data(contentsOf: URL(filePath: report))
                points = data.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
                #expect(points > 100)
            } else if begun.status == 9 {
                killed += 1
            }
            var end = begun
            for _ in 0..<4 where end.status != 0 {
                end = try BuiltCommand.run(["resume", "latest"], in: work.path)
                if end.error.contains("no runs yet") || end.error.contains("run/unknown") {
                    end = try BuiltCommand.run(["run", "p"], in: work.path)
                }
            }
            #expect(end.status == 0, "at \(share): \(end.error)")
            let lines = try String(contentsOfFile: "\(work.path)/effect.txt", encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 1, "at \(share)")
            let history = try BuiltCommand.run(["environment", "dev", "--history"], in: work.path)
            #expect(history.output.components(separatedBy: " install ").count == 2, "at \(share): \(history.output)")
        }
        #expect(killed > 12)
    }

    private static func write(_ folder: String) throws {
        let files = [
            "pipelines/p.yaml": """
            stages:
              pack: { uses: solution.pack, with: { source: solution, version: 1.2.0, type: managed } }
              effect:
                uses: shell.run
                needs: [pack]
                with:
                  command: [sh, -c, 'echo "$ALMRUN_TOKEN" >> effect.txt']
                  probe: [sh, -c, 'touch effect.txt; grep -q "$ALMRUN_TOKEN" effect.txt']
              promote:
                uses: solution.promote
                needs: [effect]
                environment: dev
                with: { package: "${{ stages.pack.package }}" }
            """,
            "environments/dev.yaml": """
            target: { kind: directory, path: .almrun/environments/dev }
            connections:
              contoso_sharedcontososales: { connector: contoso-sales, connection: shared-contososales-dev-1 }
            variables: { contoso_SalesApiUrl: "https://api.dev.contoso.example/sales/v1" }
            flows: { default: enabled }
            """,
        ]
        for (name, text) in files {
            let place = URL(filePath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: place)
        }
    }
}
