/// Whole pipelines that show the keys of each part; a test plans them.
enum PipelineExamples {
    /// By the title of the section of ``PipelinePage``.
    static let all: [String: String] = [
        "a pipeline": """
        description: Looks whether the service of a region is well, and tells the team.
        inputs:
          region: { type: choice, values: [eu, us], default: eu }
        stages:
          health: { uses: shell.run, with: { command: [./health, "${{ inputs.region }}"], effect: none } }
        finally:
          tell: { uses: shell.run, with: { command: [./tell, "${{ run.status }}"], effect: repeatable } }
        """,
        "concurrency": """
        concurrency: { group: "release-${{ inputs.region }}", pending: supersede }
        inputs:
          region: { type: choice, values: [eu, us] }
        stages:
          release: { uses: shell.run, with: { command: [./release, "${{ inputs.region }}"] } }
        """,
        "a stage": """
        inputs:
          region: { type: choice, values: [eu, us], default: eu }
        stages:
          health:
            uses: shell.run
            timeout: 30s
            with: { command: [./health], effect: none }
          announce:
            uses: shell.run
            needs: [health]
            when: { inputs.region: [eu, us], stages.health.truncated: false }
            with: { command: [./announce, "${{ stages.health.output }}"] }
        """,
        "retry": """
        stages:
          health:
            uses: shell.run
            timeout: 1m
            retry: { attempts: 5, delay: 10s, factor: 2, longest: 2m, on: any }
            with: { command: [./health], effect: none }
        """,
        "forEach": """
        stages:
          health:
            uses: shell.run
            forEach: { in: [eu, us, asia], as: region }
            maxParallel: 2
            with: { command: [./health, "${{ region }}"], effect: none }
        """,
    ]
}
