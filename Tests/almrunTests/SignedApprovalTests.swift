import Foundation
import Testing

/// A signed approval from the key file to `ssh-keygen -Y verify`, with the built command.
@Suite(.waits) struct SignedApprovalTests {
    private static let hasTools = ["/usr/bin/ssh-keygen", "/usr/bin/ssh-agent", "/usr/bin/ssh-add"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static let files = """
        mkdir -p pipelines environments
        ssh-keygen -q -t ed25519 -N "" -C rana -f key
        ssh-keygen -q -t ecdsa -b 384 -N "" -C other -f other
        cat > pipelines/release.yaml <<END
        stages:
          ask: { uses: approval.wait, with: { role: manager, signed: required } }
          build: { uses: shell.run, needs: [ask], with: { command: ["true"] } }
        END
        cat > environments/roles.yaml <<END
        manager:
          - { email: rana@contoso.example, key: "$(cat key.pub)" }
        END
        git init -q -b main . && git add pipelines environments && git commit -qm roles
        almrun run release >run.txt 2>&1
        """

    /// Whoever starts a run could put their own key in the place of another's, and sign as that person.
    @Test(.enabled(if: hasTools, "the tools of OpenSSH are not installed"))
    func keysThatAreInNoCommitAreRefused() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        func run(_ script: String) throws -> BuiltCommand.Result { try BuiltCommand.shell(script, in: work.path) }
        #expect(try run(Self.files).status == 75)
        func refused(_ script: String, _ why: String) throws {
            let result = try run(script + "; almrun run release")
            #expect(result.status == 2 && result.error.contains("[gate/loose-keys]"), "\(result.output)\(result.error)")
            #expect(result.error.contains(why), "\(result.error)")
            #expect(result.error.contains("commit 'environments/roles.yaml'"), "\(result.error)")
            #expect(try run("almrun runs --ids").output.split(separator: "\n").count == 1)
        }
        let swap = "sed -i \"s|ssh-ed25519.* rana|$(cat other.pub)|\" environments/roles.yaml"
        try refused(swap, "it is not the one of commit ")
        let plan = try run("almrun plan release")
        #expect(plan.status == 0 && plan.error.contains("a run is refused [gate/loose-keys]"), "\(plan.error)")
        try refused("git update-index --assume-unchanged environments/roles.yaml", "it is not the one of commit ")
        try refused("git rm -q --cached environments/roles.yaml; git commit -qm gone", "nobody has added it to git")
        try refused("echo roles.yaml > .gitignore; git add .gitignore; git commit -qm x", "git ignores it")
        try refused("mv .git elsewhere", "it cannot be compared with a commit")
        let committed = try run(
            "mv elsewhere .git; git add -f environments && git commit -qm keys && almrun run release")
        #expect(committed.status == 75, "\(committed.error)")
    }

    @Test(.enabled(if: hasTools, "the tools of OpenSSH are not installed"))
    func fromTheKeyToTheCheck() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        func run(_ script: String) throws -> BuiltCommand.Result { try BuiltCommand.shell(script, in: work.path) }
        #expect(try run(Self.files).status == 75)

        let unsigned = try run("almrun approve latest ask")
        #expect(unsigned.status == 2)
        #expect(unsigned.error.contains("[gate/unsigned]"))
        #expect(unsigned.error.contains("--sign ~/.ssh/id_ed25519"))
        let other = try run("almrun approve latest ask --sign other")
        #expect(other.status == 2)
        #expect(other.error.contains("[gate/unknown-key]"))
        let open = try run(
            "chmod 644 key; almrun approve latest ask --sign key; status=$?; chmod 600 key; exit $status")
        #expect(open.status == 2)
        #expect(open.error.contains("its mode is 0644") && open.error.contains("chmod 600"), "\(open.error)")
        let missing = try run("almrun approve latest ask --sign nowhere")
        #expect(missing.status == 2)
        #expect(missing.error.contains("nowhere"))
        let plan = try run("almrun approve latest ask --sign key --plan zzzzzz")
        #expect(plan.status == 2)
        #expect(try run("almrun show latest --gate ask --record signed").error.contains("nothing was signed"))

        let fingerprint = try run("ssh-keygen -l -f key.pub | cut -d' ' -f2").output
        let made = try run("almrun approve latest ask --sign key --comment 'read it'")
        #expect(made.status == 0, "\(made.error)")
        #expect(made.output.contains("signed with \(fingerprint)"))
        let shown = try run("almrun show latest --gate ask")
        #expect(shown.output.contains("signed with \(fingerprint.dropLast())"))
        let written = try run("almrun show latest --gate ask --record 'si gned'; mv 'si gned' signed")
        #expect(written.status == 0)
        let check = "ssh-keygen -Y verify -f signed/allowed_signers -I rana@contoso.example -n almrun-approval "
        #expect(shown.output.contains(check + "-s signed/1.json.sig < signed/1.json"))
        #expect(try run(check + "-s signed/1.json.sig < signed/1.json").status == 0)
        // What is printed beside the files can be pasted.
        let printed = written.output.split(separator: "\n").filter { $0.hasPrefix("ssh-keygen -Y verify ") }
        let command = try #require(printed.first)
        #expect(printed.count == 1)
        #expect(command.contains(" -n almrun-approval "), "\(command)")
        #expect(try run("cp -r signed 'si gned'; \(command)").status == 0)
        #expect(try run("sed 's/read it/read/' signed/1.json | " + check + "-s signed/1.json.sig").status != 0)
        #expect(try run("almrun resume latest").status == 0)
    }

    /// A rollback is made from the roles that are there, and says beforehand that it would be refused.
    @Test(.enabled(if: hasTools, "the tools of OpenSSH are not installed"))
    func aRollbackNeedsCommittedKeysToo() throws {
        let repository = try ReleaseRepository(["prod": ""], roles: "manager: [mads@contoso.example]\n")
        defer { repository.remove() }
        try repository.promote("1.0.0", "1.1.0")
        try repository.write(
            "prod",
            """
            gates:
              approvals: [{ role: manager, signed: required }]
              freezes: [{ from: 2020-01-01, to: 2999-01-01, reason: Year end, timeZone: UTC }]
            """)
        try repository.shell(
            """
            ssh-keygen -q -t ed25519 -N "" -C x -f .git/key
            echo "manager: [{ email: mads@contoso.example, key: \\"$(cat .git/key.pub)\\" }]" > environments/roles.yaml
            """)
        let dry = try repository.almrun("rollback", "prod", "--dry-run")
        #expect(dry.status == 0, "\(dry.error)")
        #expect(dry.error.contains("warning: 'prod/promote.approval' counts only what is signed"), "\(dry.error)")
        #expect(dry.output.contains("without --dry-run it is refused: "), "\(dry.output)")
        #expect(dry.output.contains("all that only time can meet: not before 2999-01-02"), "\(dry.output)")
        let back = try repository.almrun("rollback", "prod")
        #expect(back.status == 2 && back.error.contains("[gate/loose-keys]"), "\(back.output)\(back.error)")
        try repository.commit("keys", as: "rana")
        let again = try repository.almrun("rollback", "prod")
        #expect(again.status == 75, "\(again.output)\(again.error)")
    }

    @Test(.enabled(if: hasTools, "the tools of OpenSSH are not installed"))
    func aKeyThatOnlyTheAgentHolds() throws {
        let work = try WorkFolder()
        defer { work.remove() }
        let result = try BuiltCommand.shell(
            Self.files + """

                # The agent must hold nothing of the tests open: a process counts as running as long as somebody does.
                for open in /proc/$$/fd/*; do
                    number=${open##*/}
                    [ "$number" -gt 2 ] && eval "exec $number>&-"
                done
                eval $(ssh-agent -a "$PWD/agent") >/dev/null
                ssh-add -q key && rm key
                almrun approve latest ask --sign key.pub
                status=$?
                kill -9 $SSH_AGENT_PID
                exit $status
                """, in: work.path)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("signed with SHA256:"))
        let none = try BuiltCommand.shell("almrun approve latest ask --sign key.pub", in: work.path)
        #expect(none.status == 2)
        #expect(none.error.contains("signature/no-agent"))
    }
}
