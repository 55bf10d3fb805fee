/// A pipeline that holds every stage kind.
enum Manifests {
    static func torture(group: Bool) -> String {
        let concurrency = group ? "concurrency: { group: torture, pending: queue }\n" : ""
        return """
            description: Every stage kind, with effects that can be counted.
            \(concurrency)
            inputs:
              version: { type: string, description: The version to release. }

            stages:
              lint:
                uses: openapi.lint
                with:
                  document: examples/contoso-sales/connector/apiDefinition.swagger.json
                  ruleset: templates/rulesets/connector.yaml

              diff:
                uses: openapi.diff
                with:
                  document: examples/contoso-sales/connector/apiDefinition.swagger.json
                  base: examples/contoso-sales/baseline/apiDefinition.swagger.json
                  version: ${{ inputs.version }}

              test:
                uses: connector.test
                environment: test
                needs: [lint]
                timeout: 10m
                retry: { attempts: 3, delay: 1s, factor: 2, on: transient }
                with:
                  document: examples/contoso-sales/connector/apiDefinition.swagger.json
                  cases: examples/contoso-sales/tests

              pack:
                uses: solution.pack
                needs: [diff, test]
                with:
                  source: examples/contoso-sales/solution
                  version: ${{ inputs.version }}
                  type: managed

              tag:
                uses: git.tag
                needs: [pack]
                with:
                  name: connector/contoso-sales/v${{ inputs.version }}
                  message: ${{ stages.diff.releaseNotes }}
                  push: origin

              announce:
                uses: shell.run
                needs: [pack]
                with:
                  command: [sh, -c, 'sleep 0.01; echo "$ALMRUN_TOKEN" >> ../effects/announce.txt; sleep 0.01']
                  probe: [sh, -c, 'grep -q "^$ALMRUN_TOKEN$" ../effects/announce.txt']

              ticket:
                uses: shell.run
                needs: [pack]
                with:
                  command: [sh, -c, 'sleep 0.01; echo "$ALMRUN_TOKEN" >> ../effects/ticket.txt; sleep 0.01']

              signoff:
                uses: approval.wait
                needs: [pack]
                with:
                  role: security-architect
                  instructions: Check that those who use the connector know.

              dev:
                template: promote
                with: { environment: dev, package: "${{ stages.pack.package }}" }

              test-up:
                template: promote
                needs: [dev]
                with: { environment: test, package: "${{ stages.pack.package }}" }

              preprod:
                template: promote
                needs: [test-up]
                with: { environment: preprod, package: "${{ stages.pack.package }}" }

              prod:
                template: promote
                needs: [preprod, signoff, announce, ticket, tag]
                with: { environment: prod, package: "${{ stages.pack.package }}" }

            finally:
              notes:
                uses: shell.run
                with:
                  command: [sh, -c, 'echo "$ALMRUN_TOKEN" >> ../effects/notes.txt']
                  effect: repeatable

            """
    }
}
