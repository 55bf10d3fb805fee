import Foundation
import Testing

/// A folder with the Contoso example's manifests, which a script fills once for all cases of a suite.
struct PreparedRepository {
    let work: WorkFolder
    /// What the script printed.
    let lines: [String]

    /// - Parameters:
    ///   - script: What comes after the manifests are written; a command that fails ends it.
    ///   - count: How many lines it prints.
    init(_ script: String, printing count: Int) throws {
        work = try WorkFolder()
        let result = try BuiltCommand.shell(
            "set -e\n\(Self.manifests)\n\(script)", in: work.path,
            environment: ["EXAMPLE": "\(DocumentationTests.root)/examples/contoso-sales"])
        lines = result.output.split(separator: "\n").map(String.init)
        try #require(result.status == 0 && lines.count == count, "\(result.output)\(result.error)")
    }

    /// A release into dev and prod, a pipeline that ends well and one that does not.
    private static let manifests = #"""
        cp -r "$EXAMPLE/solution" solution
        cp "$EXAMPLE/connector/apiDefinition.swagger.json" api.json
        mkdir -p pipelines environments
        cat > pipelines/release.yaml <<'END'
        inputs:
          version: { type: string, description: The version. }
        stages:
          pack:
            uses: solution.pack
            with: { source: solution, version: "${{ inputs.version }}", type: managed }
          dev:
            uses: solution.promote
            environment: dev
            with: { package: "${{ stages.pack.package }}" }
          prod:
            uses: solution.promote
            environment: prod
            needs: [dev]
            with: { package: "${{ stages.pack.package }}" }
        END
        cat > pipelines/once.yaml <<'END'
        stages:
          hello: { uses: shell.run, with: { command: [echo, hello], effect: repeatable } }
        END
        cat > pipelines/bad.yaml <<'END'
        stages:
          hello: { uses: shell.run, with: { command: ["false"], effect: repeatable } }
          after: { uses: shell.run, needs: [hello], with: { command: [echo], effect: repeatable } }
        END
        for name in dev prod; do cat > environments/$name.yaml <<END
        target: { kind: directory, path: .almrun/environments/$name }
        connections:
          contoso_sharedcontososales: { connector: contoso-sales, connection: sales-$name-0001 }
        variables:
          contoso_SalesApiUrl: https://api.$name.example
        END
        done
        """#
}
