import Documents
import Pipelines
import Testing

/// What `check` says of gates that nobody could open, and of times in which nothing can happen.
@Suite struct GatePeopleTests {
    private static let place = "target: { kind: directory, path: here }\n"
    private static let pipeline = """
        stages:
          pack: { uses: solution.pack, with: { source: src, version: "1" } }
          up: { uses: solution.promote, environment: here, with: { package: "${{ stages.pack.package }}" } }
        """
    private static let key =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGC/xUT+0YTmtPMEuSjccQmpfCbGQVJ0RbaKpA4TzIZV"

    private func check(_ gates: String, _ roles: String, more: [String: String] = [:]) -> [Diagnostic] {
        var files = ["environments/here.yaml": Self.place + gates, "environments/roles.yaml": roles]
        files.merge(more) { $1 }
        return Repository(Self.pipeline, files).check()
    }

    private static let roles = """
        manager: [{ email: ann@x.example, key: "\(key)" }]
        lead: [ann@x.example, bob@x.example, eve@x.example]
        on-call: [bob@x.example, eve@x.example]
        release-manager: [a@x.example, b@x.example, c@x.example]
        """

    // MARK: Bypasses that nobody can sign

    /// The bypass, who has the default role, and what is found with its place.
    @Test(
        arguments: [
            ("bypass: { role: on-call }", "", ["error 5:19"]),
            ("bypass: { role: on-call, secondPerson: true }", "", ["error 5:19"]),
            ("bypass: { role: manager }", "", []), ("", "", []),
            ("", "\nbypass: [bob@x.example]", ["warning 4:32"]),
            ("bypass: { secondPerson: true }", "\nbypass: [{ email: bob@x.example, key: \"\(key)\" }]", ["error"]),
        ])
    func aBypassMustBeSignedByPeopleWithKeys(_ bypass: String, _ more: String, _ wanted: [String]) throws {
        let key = Self.key.replacing("zIZV", with: "zIZW")
        let found = check(
            "gates:\n  approvals:\n    - { role: manager, signed: required }\n  \(bypass)\n",
            Self.roles + more.replacing(Self.key, with: key))
        let texts = found.map {
            "\($0.severity.rawValue) \($0.location.map { "\($0.start.line):\($0.start.column)" } ?? "")"
        }
        #expect(texts.count == wanted.count, "\(found.map(\.message))")
        for (text, wanted) in zip(texts, wanted) { #expect(text.hasPrefix(wanted)) }
        guard wanted == ["error 5:19"] else { return }
        #expect(found.first?.code == "manifest/no-bypass-key")
        #expect(found.first?.message.contains("of role 'on-call', and nobody of them has a key") == true)
        #expect(found.first?.help?.contains("or name another role under 'bypass'") == true)
    }

    /// Whom the approval leaves out the bypass lets in alone, unless somebody has said whether that is meant.
    @Test(
        arguments: [
            ("committers", "bypass: { role: on-call }", "", "the committers"), ("committers", "", "", nil),
            ("\"approvers-of: dev\"", "", "\nbypass: [bob@x.example]", "the approvers of 'dev'"),
            ("committers", "bypass: { role: on-call, secondPerson: true }", "", nil),
            ("committers", "bypass: { role: on-call, secondPerson: false }", "", nil),
            ("requester", "bypass: { role: on-call }", "", nil),
        ] as [(String, String, String, String?)])
    func whoIsLeftOutMayBypassAlone(_ group: String, _ bypass: String, _ more: String, _ named: String?) {
        let found = check(
            "gates:\n  approvals: [{ role: release-manager, distinctFrom: [\(group)] }]\n  \(bypass)\n",
            Self.roles + more
        ).filter { $0.code == "manifest/bypass-alone" }
        let role = bypass.isEmpty ? "bypass" : "on-call"
        #expect(
            found.map(\.message)
                == (named.map {
                    [
                        "'distinctFrom' leaves out \($0), and one of them who has the role '\(role)' may bypass the gate alone"
                    ]
                } ?? []))
        #expect(found.allSatisfy { $0.severity == .warning && $0.location != nil })
    }

    /// A key stands by a role's entry: whoever has one elsewhere is told where.
    @Test func aKeyOfAnotherRoleIsNamed() {
        let found = check(
            "gates: { approvals: [{ role: manager, signed: required }], bypass: { role: duty } }",
            Self.roles + "\nduty: [ANN@x.example, bob@x.example]")
        #expect(found.map(\.code) == ["manifest/no-bypass-key"])
        let note = "ANN@x.example has a key under 'manager', which counts for that role alone"
        #expect(found.first?.notes.first?.message == note, "\(found.first?.notes ?? [])")
    }

    @Test func withoutSignaturesABypassNeedsNoKeys() {
        #expect(
            check("gates: { approvals: [{ role: manager }], bypass: { role: on-call } }", Self.roles).isEmpty)
    }

    // MARK: Who is left

    /// The approval, and how the warning begins; nil when enough are left.
    @Test(
        arguments: [
            (
                "{ role: manager, distinctFrom: [requester] }",
                "nobody is left of the 1 with the role 'manager' who could approve, once one asks for the run; "
            ),
            ("{ role: lead, distinctFrom: [requester] }", nil),
            ("{ role: lead, count: 2, distinctFrom: [requester] }", nil), ("{ role: manager }", nil),
            ("{ role: manager, distinctFrom: [committers] }", nil),
            (
                "{ role: on-call, distinctFrom: [requester, \"approvers-of: test\"] }",
                "nobody is left of the 2 with the role 'on-call' who could approve, once one asks for the run and one "
                    + "approves for 'test'; "
            ), ("{ role: lead, distinctFrom: [requester, \"approvers-of: test\"] }", nil),
            ("{ role: lead, count: 2, distinctFrom: [\"approvers-of: test\"] }", nil),
            (
                "{ role: manager }, { role: lead, distinctFrom: [requester, \"approvers-of: here\"] }",
                "nobody is left of the 3 with the role 'lead' who could approve, once one asks for the run and 2 "
                    + "approve for 'here'; the gate asks for 1; a first release goes through, a rollback or another"
            ),
            ("{ role: manager, distinctFrom: [\"approvers-of: dev\"] }", nil),
        ] as [(String, String?)])
    func tooFewMayBeLeft(_ approval: String, _ words: String?) {
        let found = check(
            "gates: { approvals: [\(approval)] }", Self.roles,
            more: [
                "environments/test.yaml":
                    "target: { kind: directory, path: test }\ngates: { approvals: [{ role: on-call }] }\n",
                "environments/dev.yaml": "target: { kind: directory, path: dev }\n",
            ])
        #expect(found.count == (words == nil ? 0 : 1), "\(found.map(\.message))")
        guard let words, let one = found.first else { return }
        #expect(one.code == "manifest/nobody-left")
        #expect(one.severity == .warning)
        #expect(one.message.hasPrefix(words), "\(one.message)")
        #expect(one.location?.text.contains("requester") == true)
    }

    /// Who has no key cannot have approved before, where that must be signed.
    @Test(arguments: ["required", "optional"]) func whoCannotSignIsLeft(_ signed: String) {
        let found = check(
            "gates: { approvals: [{ role: desk, distinctFrom: [\"approvers-of: test\"] }] }",
            Self.roles
                + "\nboth: [{ email: ann@x.example, key: \"\(Self.key)\" }, zoe@x.example]\ndesk: [zoe@x.example]",
            more: [
                "environments/test.yaml":
                    "target: { kind: directory, path: test }\ngates: { approvals: [{ role: both, signed: \(signed) }] }\n"
            ])
        #expect(found.count { $0.code == "manifest/nobody-left" } == (signed == "required" ? 0 : 1), "\(found)")
    }

    /// Who asks is known to `plan`: then somebody else with the role is left.
    @Test(arguments: [("dev@x.example", 0), ("ANN@x.example", 1), (nil, 1)] as [(String?, Int)])
    func whoAsksIsOneOfThemOrNot(_ requester: String?, _ warnings: Int) throws {
        let repository = Repository(
            "stages: { a: { uses: noop } }\n",
            [
                "pipelines/p.yaml": """
                stages:
                  pack: { uses: solution.pack, with: { source: connectors, version: 1.0.0 } }
                  go: { uses: solution.promote, environment: one, with: { package: "${{ stages.pack.package }}" } }
                """,
                "environments/one.yaml":
                    "target: { kind: directory, path: one }\ngates: { approvals: [{ role: only, distinctFrom: [requester] }] }\n",
                "environments/prod.yaml": "target: { kind: directory, path: prod }\n",
                "environments/roles.yaml": "only: [ann@x.example]\n",
            ])
        let found = try repository.planner.judgedPlan(pipeline: "p", requester: requester).warnings
        #expect(found.count { $0.code == "manifest/nobody-left" } == warnings, "\(found.map(\.message))")
    }

    // MARK: Times in which nothing can happen

    /// A duration in the environment or the stage, and whether it is refused: what is too short for people may be long
    /// enough for a process.
    @Test(
        arguments: [
            ("0s", true, true), ("0m", true, true), ("0ms", true, true), ("1s", false, false), ("500ms", true, false),
            ("-1s", true, true), ("0", true, true),
        ])
    func noTimeAtAllIsRefused(_ text: String, _ isNoWait: Bool, _ isRefused: Bool) {
        let found = check("gates: { approvals: [{ role: lead, expires: \(text) }] }", Self.roles)
        #expect(found.map(\.severity) == (isNoWait ? [.error] : []), "\(found.map(\.message))")
        #expect(found.first.map { $0.location?.text == text } != false)
        let wait = Repository(
            "stages: { a: { uses: approval.wait, with: { role: lead, expires: \(text) } } }",
            ["environments/roles.yaml": Self.roles]
        ).check()
        #expect(wait.map(\.severity) == (isNoWait ? [.error] : []), "\(wait.map(\.message))")
        #expect(wait.first?.message.contains("input 'expires' of 'approval.wait'") != false)
        for (stage, place) in [
            ("{ uses: noop, timeout: \(text) }", "'timeout' of stage 'a'"),
            ("{ uses: noop, retry: { attempts: 2, longest: \(text) } }", "'longest' of"),
        ] {
            let found = Repository("stages: { a: \(stage) }", ["environments/roles.yaml": Self.roles]).check()
            #expect(found.map(\.severity) == (isRefused ? [.error] : []), "\(stage): \(found.map(\.message))")
            #expect(found.first?.message.contains(place) != false, "\(found.map(\.message))")
        }
    }

    /// Less than a second, and more than ten years.
    @Test(
        arguments: [
            ("0.0001ms", "manifest/short-duration", "must be at least 1s, not '0.0001ms'"),
            ("999ms", "manifest/short-duration", "must be at least 1s"), ("1s", nil, ""), ("3650d", nil, ""),
            ("3651d", "manifest/long-duration", "must be at most 3650d, which is ten years, not '3651d'"),
            ("9999999d", "manifest/long-duration", "must be at most 3650d"),
        ] as [(String, String?, String)])
    func waitsAreOfThisWorld(_ text: String, _ code: String?, _ words: String) {
        for (gates, place) in [
            ("approvals: [{ role: lead, expires: \(text) }]", "'expires' of the approval"),
            ("soak: \(text)", "'soak' of 'gates'"),
            ("evidence: { stages: [pack], notOlderThan: \(text) }", "'notOlderThan' of 'evidence'"),
        ] {
            let found = check("after: prod\ngates: { \(gates) }", Self.roles)
            #expect(found.map(\.code) == (code.map { [$0] } ?? []), "\(gates): \(found.map(\.message))")
            #expect(found.first?.message.hasPrefix("\(place) \(words)") != false, "\(found.map(\.message))")
            #expect(found.first.map { $0.location?.text == text } != false)
        }
    }

    /// Those whom an approval asks cannot be the ones that it leaves out.
    @Test(arguments: ["\"approvers-of: here\"", "{ approvers-of: here }"])
    func anEnvironmentDoesNotLeaveOutItsOwnApprovers(_ entry: String) {
        let found = check("gates: { approvals: [{ role: lead, distinctFrom: [\(entry)] }] }", Self.roles)
        #expect(found.map(\.code) == ["manifest/own-approvers"], "\(found.map(\.message))")
        #expect(found.first?.message.contains("cannot leave out who approves for 'here'") == true)
        #expect(found.first?.location != nil)
        // Where there are two approvals, the second may ask for somebody else.
        let two = check(
            "gates: { approvals: [{ role: lead }, { role: lead, distinctFrom: [\(entry)] }] }", Self.roles)
        #expect(two.isEmpty, "\(two.map(\.message))")
    }

    @Test func aSoakTimeNeedsAnEnvironmentBefore() {
        let found = check("gates: { soak: 1h }", Self.roles)
        #expect(found.map(\.code) == ["manifest/soak-without-after"])
        #expect(found.first?.location != nil && check("after: prod\ngates: { soak: 1h }", Self.roles).isEmpty)
    }

    @Test func aSoakTimeIsMoreThanNothing() {
        let found = check("after: prod\ngates: { soak: 0s, approvals: [{ role: lead }] }", Self.roles)
        #expect(found.map(\.code) == ["manifest/zero-duration"], "\(found.map(\.message))")
        #expect(found.first?.message == "'soak' of 'gates' must be more than nothing, not '0s'")
    }

    /// Each entry is a round of its own, so that two of one role are no two people.
    @Test(arguments: [
        ("{ role: lead }, { role: lead }", true),
        ("{ role: lead, distinctFrom: [requester] }, { role: lead, distinctFrom: [committers] }", true),
        // The first one is open before the second asks.
        ("{ role: lead, distinctFrom: [\"approvers-of: here\"] }, { role: lead }", true),
        ("{ role: lead }, { role: lead, distinctFrom: [{ approvers-of: here }] }", false),
        ("{ role: lead }, { role: release-manager }", false), ("{ role: lead, count: 2 }", false),
    ])
    func twoApprovalsOfOneRole(_ approvals: String, _ isTold: Bool) throws {
        let found = check("gates: { approvals: [\(approvals)] }", Self.roles)
        guard isTold else {
            #expect(found.isEmpty, "\(found.map(\.message))")
            return
        }
        #expect(found.map(\.code) == ["manifest/same-approvers"] && found.first?.severity == .warning, "\(found)")
        #expect(found.first?.location?.text == "lead" && found.first?.notes.first?.location != nil)
        #expect(found.first?.help?.contains("'count: 2'") == true)
        #expect(found.first?.help?.contains("leaves out at a rollback who approved") == true)
    }

    @Test func someTimesMayBeNone() {
        #expect(Repository("stages: { a: { uses: noop, retry: { attempts: 2, delay: 0s } } }").check().isEmpty)
    }
}
