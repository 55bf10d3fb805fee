import Documents
import Engine
import Foundation
import OrderedCollections
import Pipelines
import Signatures
import TestSupport
import Testing

/// Approvals that must be signed: which count, and which do not though they are in the ledger.
@Suite struct SignedApprovalTests {
    private let policy = ApprovalPolicy(role: "release-manager", signed: .required)

    private func start(_ policy: ApprovalPolicy? = nil, run: RunID = "r1") async throws -> Bench {
        let bench = Bench(Found().executor)
        _ = try await bench.start(guardedPlan([("approval", .approval(policy ?? self.policy))]), run: run)
        return bench
    }

    private func decision(_ bench: Bench, by person: String = "ann@contoso.com") async throws -> Decision {
        let state = try await bench.state
        return Decision(
            step: "prod.approval", verdict: .approve, person: person, comment: "read", package: "p1", plan: "d1",
            target: "t1", time: bench.clock.now, ledger: state.head)
    }

    @Test func aSignedApprovalOpensTheGate() async throws {
        let bench = try await start()
        let state = try await bench.decisions.approve(
            "r1", "prod", by: .ann, comment: "read it", sign: try TestKey.ann.signing())
        let made = try #require(state["prod.approval"]?.decisions.first)
        #expect(made.standing == .good(fingerprint: try PublicKey(TestKey.ann.publicText).fingerprint))
        #expect(try await bench.resume().status == .succeeded)
        // Read again from the store, the signature is checked again.
        #expect(try await bench.state["prod.approval"]?.decisions.first?.standing == made.standing)
        let details = try await bench.state.why("prod.approval", now: bench.clock.now)?.details ?? []
        #expect(details.contains { $0.contains("signed with SHA256:") })
    }

    @Test(arguments: [TestKey.ann, .boss]) func keysOfEveryKindSign(_ key: TestKey) async throws {
        let roles = Roles(members: ["release-manager": [Roles.Person(email: "x@y.example", key: key.publicText)]])
        let bench = Bench(Found().executor)
        _ = try await bench.start(guardedPlan([("approval", .approval(policy))], roles: roles))
        try await bench.decisions.approve("r1", "prod", by: .init(email: "x@y.example"), sign: try key.signing())
        #expect(try await bench.resume().status == .succeeded)
    }

    /// Whose key it is nobody has vouched for: it was in no commit when the run was made.
    @Test(arguments: [(["environments/roles.yaml"], true), (["environments/qa.yaml"], false)])
    func aKeyInNoCommitProvesNothing(_ files: [String], _ isNoted: Bool) async throws {
        let bench = Bench(Found().executor)
        let request = RunRequest(
            run: "r1", requester: "eve@contoso.com", people: KnownPeople(looseManifests: files), commit: "abc")
        _ = try await bench.runner.start(guardedPlan([("approval", .approval(policy))]), request)
        try await bench.decisions.approve("r1", "prod", by: .ann, sign: try TestKey.ann.signing())
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil)
        #expect(found.isSound)
        #expect(found.notes.map(\.code) == (isNoted ? ["verify/loose-keys"] : []))
        #expect(found.text.hasSuffix("nothing is wrong") == !isNoted)
        // What opens the gate of a run that was made before is what it was.
        #expect(try await bench.resume().status == .succeeded)
    }

    // MARK: Refused at once

    @Test func withoutASignatureItIsRefusedAndSaysWhatToRun() async throws {
        let bench = try await start()
        let before = try await bench.state.head
        let refusal = await bench.refusal { try await bench.decisions.approve("r1", "prod", by: .ann) }
        #expect(refusal?.code == "gate/unsigned")
        #expect(refusal?.notes.first == "sign it: `almrun approve r1 prod.approval --sign ~/.ssh/id_ed25519`")
        #expect(refusal?.notes.last == "these have a key in environments/roles.yaml: ann@contoso.com, bob@contoso.com")
        #expect(try await bench.state.head == before)
    }

    /// Who approves, with whose key, for which purpose, whether signatures are asked for, and the code of the refusal.
    @Test(
        arguments: [
            ("ann@contoso.com", TestKey.bob, ApprovalRecord.namespace, true, "gate/unknown-key"),
            ("ann@contoso.com", .bob, ApprovalRecord.namespace, false, "gate/unknown-key"),
            ("Eve@contoso.com", .eve, ApprovalRecord.namespace, true, "gate/unknown-key"),
            ("Eve@contoso.com", .eve, ApprovalRecord.namespace, false, "gate/unknown-key"),
            ("ann@contoso.com", .ann, "git", true, "gate/forged"),
            ("ann@contoso.com", .ann, "git", false, "gate/forged"),
            ("ann@contoso.com", .ann, ApprovalRecord.namespace, false, nil),
        ] as [(String, TestKey, String, Bool, String?)])
    func aWrongSignatureIsRefusedAndNeverStored(
        _ person: String, _ key: TestKey, _ namespace: String, _ isRequired: Bool, _ code: String?
    ) async throws {
        let bench = try await start(ApprovalPolicy(role: "release-manager", signed: isRequired ? .required : .optional))
        let before = try await bench.state.head
        let signing = try key.signing(namespace: namespace)
        let refusal = await bench.refusal {
            try await bench.decisions.approve("r1", "prod", by: .init(email: person), sign: signing)
        }
        #expect(refusal?.code == code)
        #expect(refusal?.notes.isEmpty != true)
        // Who has a key there took another file by mistake.
        let hasKey = refusal?.notes.first?.contains(try PublicKey(TestKey.ann.publicText).fingerprint)
        #expect(code != "gate/unknown-key" || hasKey == person.hasPrefix("ann@"), "\(refusal?.notes ?? [])")
        #expect((try await bench.state.head == before) == (code != nil))
    }

    @Test func aSignatureOverSomethingElseIsRefused() async throws {
        let bench = try await start()
        let signer = try TestKey.ann.signer()
        let refusal = await bench.refusal {
            try await bench.decisions.approve("r1", "prod", by: .ann) { record in
                let other = record.text.replacing("\"package\":\"p1\"", with: "\"package\":\"p2\"")
                return try signer.sign(Array(other.utf8), namespace: ApprovalRecord.namespace).armored
            }
        }
        #expect(refusal?.code == "gate/forged")
        let nonsense = await bench.refusal {
            try await bench.decisions.approve("r1", "prod", by: .ann) { _ in "no signature" }
        }
        #expect(nonsense?.code == "gate/forged")
    }

    @Test func anErrorOfTheSignerChangesNothing() async throws {
        let bench = try await start()
        let before = try await bench.state.head
        await #expect(throws: SignatureError.self) {
            try await bench.decisions.approve("r1", "prod", by: .ann) { _ in
                throw SignatureError("signature/failed", "the agent refused")
            }
        }
        #expect(try await bench.state.head == before)
    }

    /// Whoever comes second signs again, for the place that is left.
    @Test func whatIsSignedAtTheSameTimeHoldsForBoth() async throws {
        for _ in 0..<8 {
            let bench = try await start(ApprovalPolicy(role: "release-manager", count: 2, signed: .required))
            let (ann, bob) = (try TestKey.ann.signer(), try TestKey.bob.signer())
            func approve(_ person: Decisions.Person, _ signer: SSHSigner) async throws {
                try await bench.decisions.approve("r1", "prod", by: person) {
                    try signer.sign($0.bytes, namespace: ApprovalRecord.namespace).armored
                }
            }
            async let first: Void = approve(.ann, ann)
            async let second: Void = approve(.bob, bob)
            _ = try await (first, second)
            let decisions = try await bench.state["prod.approval"]?.decisions ?? []
            #expect(decisions.count == 2)
            #expect(decisions.allSatisfy { $0.standing.fingerprint != nil })
            #expect(try await bench.resume().status == .succeeded)
        }
    }

    // MARK: Forged in the ledger

    /// Ways to make an approval look like one that counts.
    enum Forgery: String, CaseIterable {
        case unsigned, nonsense, anotherKey, anotherRecord, anotherPurpose, anotherPerson, alteredComment
        case anotherPackage, anotherTime, anotherRun, laterPlace, earlierPlace, keyOfNobody
    }

    @Test(arguments: Forgery.allCases) func whatIsForgedDoesNotCount(_ forgery: Forgery) async throws {
        let bench = try await start()
        try await bench.forge(try await forged(forgery, bench))
        let state = try await bench.resume()
        #expect(state.statuses["prod.approval"] == .waiting)
        #expect(state.statuses["prod"] == .pending)
        let details = try #require(state.why("prod.approval", now: bench.clock.now)?.details)
        #expect(details.contains("1 more needed"))
        if forgery != .unsigned { #expect(details.contains { $0.hasPrefix("does not count: ") }, "\(details)") }
        // The person whose name was used can still say yes themselves.
        try await bench.decisions.approve("r1", "prod", by: .ann, sign: try TestKey.ann.signing())
        #expect(try await bench.resume().status == .succeeded)
    }

    /// Where no signature is asked for, one that does not hold makes the approval void all the same.
    @Test(arguments: Forgery.allCases.filter { $0 != .unsigned })
    func whatIsForgedDoesNotCountWhereNothingMustBeSigned(_ forgery: Forgery) async throws {
        let bench = try await start(ApprovalPolicy(role: "release-manager"))
        try await bench.forge(try await forged(forgery, bench))
        #expect(try await bench.resume().statuses["prod.approval"] == .waiting)
    }

    private func forged(_ forgery: Forgery, _ bench: Bench) async throws -> Decision {
        let state = try await bench.state
        var decision = try await decision(bench)
        func sign(_ key: TestKey, _ namespace: String = ApprovalRecord.namespace) throws {
            decision.signature = try key.signer().sign(
                ApprovalRecord(state, decision).bytes, namespace: namespace
            ).armored
        }
        switch forgery {
        case .unsigned: break
        case .nonsense: decision.signature = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"
        case .anotherKey: try sign(.bob)
        case .anotherRecord:
            decision.verdict = .reject
            try sign(.ann)
            decision.verdict = .approve
        case .anotherPurpose: try sign(.ann, "file")
        case .anotherPerson:
            try sign(.ann)
            decision.person = "bob@contoso.com"
        case .alteredComment:
            try sign(.ann)
            decision.comment = "read, and it is fine"
        case .anotherPackage:
            decision.package = "p0"
            try sign(.ann)
            decision.package = "p1"
        case .anotherTime:
            try sign(.ann)
            decision.time = decision.time.addingTimeInterval(1)
        case .anotherRun:
            // Signed honestly in another run, and copied.
            let other = Bench(Found().executor)
            _ = try await other.start(guardedPlan([("approval", .approval(policy))]), run: "r0")
            let made = try await other.decisions.approve("r0", "prod", by: .ann, sign: try TestKey.ann.signing())
            decision = try #require(made["prod.approval"]?.decisions.first)
            decision.ledger = state.head
        case .laterPlace:
            // Signed for the place after the first event.
            decision.ledger = try await bench.store.events(of: "r1", after: 0).first?.hash
            try sign(.ann)
        case .earlierPlace:
            decision.ledger = nil
            try sign(.ann)
        case .keyOfNobody:
            decision.person = "Eve@contoso.com"
            try sign(.eve)
        }
        return decision
    }

    /// A signature counts once: the same event after the gate was asked anew is none.
    @Test func anApprovalOfAnEarlierRoundCannotBeReplayed() async throws {
        let bench = try await start(ApprovalPolicy(role: "release-manager", expires: 60, signed: .required))
        let state = try await bench.decisions.approve("r1", "prod", by: .ann, sign: try TestKey.ann.signing())
        let made = try #require(state["prod.approval"]?.decisions.first)
        try await bench.decisions.reject("r1", "prod", by: .bob, comment: "no")
        #expect(try await bench.resume().status == .rejected)
        #expect(try await bench.resume().status == .waiting)
        var copy = made
        copy.round = 2
        try await bench.forge(copy)
        #expect(try await bench.resume().status == .waiting)
        copy.ledger = try await bench.state.head
        try await bench.forge(copy)
        #expect(try await bench.resume().status == .waiting)
    }

    /// A changed client says and signs another time than that at which it writes, or an earlier one than it may.
    ///
    /// When the approval was made as it says, and was written down as the event says, in seconds; the time to decide is
    /// an hour, and half an hour has been written about.
    @Test(arguments: [(60.0, 4000.0), (2000, 1900), (60, 60)])
    func anApprovalThatSaysAnotherTimeDoesNotCount(_ said: Double, _ written: Double) async throws {
        let bench = try await start(ApprovalPolicy(role: "release-manager", expires: 3600, signed: .required))
        let start = bench.clock.now
        bench.clock.advance(by: 1800)
        #expect(try await bench.resume().status == .waiting)
        bench.clock.advance(by: 2200)
        var made = try await decision(bench)
        made.time = start.addingTimeInterval(said)
        made.signature = try TestKey.ann.signer().sign(
            ApprovalRecord(try await bench.state, made).bytes, namespace: ApprovalRecord.namespace
        ).armored
        try await bench.forge(made, at: start.addingTimeInterval(written))
        let found = RunVerification(try #require(try await bench.store.stored("r1")), objects: nil).discrepancies
        #expect(found.map(\.code) == ["verify/signature"])
        #expect(
            found.first?.message.contains("it says that it was made \(made.time.ISO8601Format().dropLast())") == true)
        #expect(try await bench.resume().status == .rejected)
    }

    @Test func oneKeyCountsOnceWhateverNamesItHas() async throws {
        let roles = Roles(members: [
            "release-manager": [
                Roles.Person(email: "ann@contoso.com", key: TestKey.ann.publicText),
                Roles.Person(email: "ann@home.example", key: TestKey.ann.publicText),
            ]
        ])
        let bench = Bench(Found().executor)
        let policy = ApprovalPolicy(role: "release-manager", count: 2, signed: .required)
        _ = try await bench.start(guardedPlan([("approval", .approval(policy))], roles: roles))
        try await bench.decisions.approve("r1", "prod", by: .ann, sign: try TestKey.ann.signing())
        try await bench.decisions.approve(
            "r1", "prod", by: .init(email: "ann@home.example"), sign: try TestKey.ann.signing())
        #expect(try await bench.resume()["prod.approval"]?.status == .waiting)
    }

    @Test func aSignedRejectionAndABypassSayWhoseKey() async throws {
        let bench = try await start()
        let unsigned = await bench.refusal {
            try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident")
        }
        #expect(unsigned?.code == "gate/unsigned")
        #expect(
            unsigned?.notes.first
                == "sign it: `almrun bypass r1 prod.approval --reason \"...\" --sign ~/.ssh/id_ed25519`")
        // Written into the ledger without a signature, it opens nothing.
        var forged = try await decision(bench, by: "boss@contoso.com")
        forged.verdict = .bypass
        try await bench.forge(forged)
        #expect(try await bench.resume().status == .waiting)
        let state = try await bench.decisions.reject(
            "r1", "prod", by: .ann, comment: "no", sign: try TestKey.ann.signing())
        #expect(state["prod.approval"]?.decisions.last?.standing.fingerprint != nil)
        #expect(try await bench.resume().status == .rejected)
        #expect(try await bench.resume().status == .waiting)
        try await bench.decisions.bypass("r1", "prod", by: .boss, reason: "incident", sign: try TestKey.boss.signing())
        #expect(try await bench.resume().status == .succeeded)
    }

    // MARK: The record

    @Test func theRecordIsOneLineThatSaysEverything() async throws {
        let bench = try await start()
        let record = ApprovalRecord(try await bench.state, try await decision(bench))
        #expect(record.text.hasSuffix("}\n"))
        #expect(record.text.dropLast().contains("\n") == false)
        let value = try Value(json: record.text)
        #expect(
            value.map.map { Array($0.keys) } == [
                "comment", "environment", "format", "kind", "ledger", "package", "person", "pipeline", "plan", "round",
                "run", "step", "target", "time", "verdict",
            ])
        #expect(value["kind"] == "almrun approval")
        #expect(value["environment"] == "prod")
        #expect(value["ledger"]?.string == (try await bench.state.head))
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen"), "ssh-keygen is not installed")
    )
    func sshKeygenAcceptsTheRecordAndNothingElse() async throws {
        let bench = try await start()
        let state = try await bench.decisions.approve(
            "r1", "prod", by: .ann, comment: "größer \"als\" gedacht", sign: try TestKey.ann.signing())
        let gate = try #require(state.planned("prod.approval"))
        let record = try #require(state.signedRecords(at: gate).first)
        let folder = try TemporaryFolder("signed")
        let signature = try folder.write(record.signature, to: "record.sig")
        let signers = try folder.write(record.allowedSigner + "\n", to: "allowed_signers")
        func verify(_ text: String, as person: String = "ann@contoso.com") throws -> Int32 {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/ssh-keygen")
            process.arguments = [
                "-Y", "verify", "-f", signers, "-I", person, "-n", ApprovalRecord.namespace, "-s", signature,
            ]
            process.standardInput = try FileHandle(
                forReadingFrom: URL(filePath: try folder.write(text, to: "record.json")))
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        #expect(try verify(record.record.text) == 0)
        #expect(try verify(record.record.text.replacing("approve", with: "bypass")) != 0)
        #expect(try verify(record.record.text, as: "bob@contoso.com") != 0)
    }
}
