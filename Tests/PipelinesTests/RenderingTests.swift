import Documents
import OrderedCollections
import Pipelines
import Testing

@Suite struct RenderingTests {
    @Test func plansAsText() throws {
        let plan = try Repository(
            """
            description: Build it.
            concurrency: { group: g }
            inputs: { version: { type: string, default: 1.2.0 } }
            stages:
              diff: { uses: openapi.diff, with: { document: a.json } }
              pack:
                uses: solution.pack
                needs: [diff]
                retry: { attempts: 3 }
                timeout: 90s
                with: { source: src, version: "${{ inputs.version }}" }
              up:
                uses: solution.promote
                environment: prod
                when: { stages.diff.level: [major, minor] }
                with: { package: "${{ stages.pack.package }}" }
            finally:
              end: { uses: shell.run, with: { command: [x] } }
            """
        ).plan()
        #expect(
            PlanRenderer().text(plan) == """
                pipeline p: Build it.
                  input version = 1.2.0
                  group g: a second run waits for the first

                1  diff             openapi.diff      waits for nothing; reused when its inputs are unchanged
                2  pack             solution.pack     needs diff; reused when its inputs are unchanged; up to 3 attempts; at most 90s
                3    up.preview     preview           shows what would change before 'up' (environments/prod.yaml)
                4    up.eligible    eligible          the package is verified in 'dev' and has lived there for 1d before 'up' (environments/prod.yaml)
                5    up.approval    approval          2 of 'release-manager' approve, not the requester, within 3d before 'up' (environments/prod.yaml)
                6    up.approval-2  approval          one 'release-manager' approves before 'up' (environments/prod.yaml)
                7    up.window      window            open mon-thu 08:00-16:00 Europe/Oslo before 'up' (environments/prod.yaml)
                8  up               solution.promote  uses pack.package; when stages.diff.level is major or minor; after its 5 gates; changes prod
                finally
                9  end              shell.run         after everything else

                4 stages, 5 gates, environments dev, prod

                """)
    }

    static var small: Plan {
        get throws {
            try Repository(
                """
                stages:
                  a: { uses: noop }
                  b: { uses: noop, needs: [a] }
                  up: { uses: solution.promote, environment: dev, needs: [b], with: { package: "${{ stages.p.package }}" } }
                  p: { uses: solution.pack, with: { source: src, version: "1" } }
                finally:
                  end: { uses: noop }
                """
            ).plan()
        }
    }

    @Test func graphsAsText() throws {
        #expect(
            PlanGraph(try Self.small).text == """
                ● a  noop
                  ● b  noop  ← a
                ● p  solution.pack
                    ◇ up.preview  preview  ← b, p
                      ● up  solution.promote  ← up.preview
                ▣ end  noop

                """)
    }

    @Test func graphsForPrograms() throws {
        let graph = PlanGraph(try Self.small)
        #expect(
            graph.mermaid == """
                flowchart LR
                  n0["a<br/>noop"]
                  n1["b<br/>noop"]
                  n2["p<br/>solution.pack"]
                  n3{{"up.preview<br/>preview"}}
                  n4["up<br/>solution.promote"]
                  n5(["end<br/>noop"])
                  n0 --> n1
                  n1 --> n3
                  n2 --> n3
                  n3 -.-> n4

                """)
        #expect(graph.dot.contains("n3 [label=\"up.preview\\npreview\", shape=diamond];"))
        #expect(graph.dot.contains("n1 -> n3;"))
        #expect(graph.value["edges"]?.list?.count == 4)
        #expect(graph.value["nodes"]?[3]?["gate"] == true)
    }
}
