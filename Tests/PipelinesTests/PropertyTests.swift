import Documents
import OrderedCollections
import Pipelines
import Testing

@Suite struct PropertyTests {
    /// A seeded source of numbers, so that a failure can be seen again.
    struct Numbers: RandomNumberGenerator {
        var state: UInt64
        init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state &* 0x2545_F491_4F6C_DD1D
        }
    }

    /// Stages in a random order of writing that need, use and look at random earlier ones.
    private func pipeline(_ seed: UInt64, count: Int) -> String {
        var numbers = Numbers(seed)
        var stages: [String] = []
        for index in 0..<count {
            var needs: [String] = []
            var values: [String] = []
            var when = ""
            if index > 0 {
                for _ in 0..<Int.random(in: 0...3, using: &numbers) {
                    needs.append("s\(Int.random(in: 0..<index, using: &numbers))")
                }
                for _ in 0..<Int.random(in: 0...2, using: &numbers) {
                    values.append("${{ stages.s\(Int.random(in: 0..<index, using: &numbers)).value }}")
                }
                if Int.random(in: 0..<4, using: &numbers) == 0 {
                    when = ", when: { stages.s\(Int.random(in: 0..<index, using: &numbers)).value: [a, b] }"
                }
            }
            let with =
                values.isEmpty ? "" : ", with: { value: [\(values.map { "\"\($0)\"" }.joined(separator: ", "))] }"
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0:
                stages.append("  s\(index): { template: t, needs: [\(needs.joined(separator: ", "))]\(when) }")
            case 1:
                stages.append(
                    "  s\(index): { uses: noop, needs: [\(needs.joined(separator: ", "))], forEach: { in: [x, y] }, maxParallel: 1\(with) }"
                )
            default:
                stages.append("  s\(index): { uses: noop, needs: [\(needs.joined(separator: ", "))]\(with)\(when) }")
            }
        }
        stages.shuffle(using: &numbers)
        return "stages:\n" + stages.joined(separator: "\n") + "\nfinally: { end: { uses: noop } }\n"
    }

    static let template = """
        stages:
          one: { uses: noop }
          two: { uses: noop, needs: [one] }
          three: { uses: noop, with: { value: "${{ stages.one.value }}" } }
        outputs: { value: "${{ stages.two.value }}" }
        """

    @Test(arguments: 1...40)
    func plansAreSound(_ seed: Int) throws {
        var text = pipeline(UInt64(seed), count: 30)
        // A list cannot be looked at, so conditions on instances are taken away.
        let repository = Repository(text, ["templates/t.yaml": Self.template])
        let wrong = repository.check()
        if !wrong.isEmpty {
            #expect(wrong.allSatisfy { $0.code == "manifest/when-type" })
            for diagnostic in wrong.reversed() {
                let path = diagnostic.location?.text ?? ""
                text = text.replacing("\(path): [a, b]", with: "run.id: [a, b]")
            }
        }
        let plan = try Repository(text, ["templates/t.yaml": Self.template]).plan()
        var seen: Set<StepID> = []
        for step in plan.steps {
            for need in step.needs { #expect(seen.contains(need.step), "\(step.id) comes before \(need.step)") }
            for case .output(let other, _, _) in step.input.references {
                #expect(step.needs.contains { $0.step == other && $0.reason != .declared })
            }
            #expect(seen.insert(step.id).inserted)
        }
        #expect(plan.steps.last?.isFinally == true)
        #expect(try Repository(text, ["templates/t.yaml": Self.template]).plan() == plan)
        #expect(try Plan(plan.value()) == plan)
    }

    @Test(.timeLimit(.minutes(20)), arguments: [1_000, 10_000])
    func largePipelines(_ count: Int) throws {
        var text = "stages:\n"
        // Written backwards, each waits for the one before and refers to another far back.
        for index in (0..<count).reversed() {
            let needs = index == 0 ? "[]" : "[s\(index - 1)]"
            text +=
                "  s\(index): { uses: noop, needs: \(needs), with: { value: \"${{ stages.s\(index / 2 == index ? 0 : index / 2).value }}\" } }\n"
        }
        text = text.replacing("stages.s0.value }}\" } }\n  s0", with: "run.id }}\" } }\n  s0")
        text = String(
            text.replacing(
                "s0: { uses: noop, needs: [], with: { value: \"${{ stages.s0.value }}\" } }", with: "s0: { uses: noop }"
            ))
        let plan = try Repository(text).plan()
        #expect(plan.ids.first == "s0")
        #expect(plan.ids.last == "s\(count - 1)")
        _ = PlanRenderer().text(plan)
        _ = PlanGraph(plan).text
        #expect(plan.digest.count == 64)
    }

    @Test(.timeLimit(.minutes(20)))
    func tenThousandMistakes() {
        var text = "stages:\n"
        for index in 0..<10_000 {
            text +=
                "  s\(index): { uses: noop, needs: [t\(index)], with: { value: \"${{ stages.x\(index).value }}\" } }\n"
        }
        #expect(Repository(text).check().count == 20_000)
    }

    /// Whatever is done to a manifest, it is planned or refused.
    @Test(arguments: 1...60)
    func damagedManifestsAreRefused(_ seed: Int) {
        var numbers = Numbers(UInt64(seed))
        let originals = [
            ("pipelines/p.yaml", PlannerTests.release), ("templates/promote.yaml", Repository.promote),
            ("environments/prod.yaml", EnvironmentReaderTests.full), ("environments/roles.yaml", Repository.roles),
        ]
        for (file, text) in originals {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let at = Int.random(in: 0..<lines.count, using: &numbers)
                switch Int.random(in: 0..<6, using: &numbers) {
                case 0: lines.remove(at: at)
                case 1: lines.insert(lines[Int.random(in: 0..<lines.count, using: &numbers)], at: at)
                case 2: lines[at] = String(lines[at].shuffled(using: &numbers))
                case 3: lines[at] = "  " + lines[at]
                case 4: lines[at] = lines[at].replacing("${{ ", with: "${{ x.").replacing("[", with: "{")
                default: lines[at] = lines[at].replacing(": ", with: ": !")
                }
                if lines.isEmpty { lines = [""] }
            }
            let repository = Repository(PlannerTests.release, [file: lines.joined(separator: "\n")])
            let found = repository.check()
            for diagnostic in found {
                #expect(!diagnostic.message.isEmpty)
                if let location = diagnostic.location {
                    #expect(location.range.upperBound <= location.source.bytes.count)
                }
            }
            // Fix-its lead to something that can be read as well.
            for (source, bytes) in FixItApplier.edits(found).files {
                _ = Repository(PlannerTests.release, [source.name: String(decoding: bytes, as: UTF8.self)]).check()
            }
        }
    }

    @Test func templatesThatMultiplyAreStopped() {
        var files: [String: String] = [:]
        for level in 0..<8 {
            let stages = (0..<8).map { "  s\($0): { template: t\(level + 1) }" }.joined(separator: "\n")
            files["templates/t\(level).yaml"] = "stages:\n" + stages
        }
        files["templates/t8.yaml"] = "stages: { a: { uses: noop } }"
        let refused = #expect(throws: Rejected.self) {
            try Repository("stages: { a: { template: t0 } }", files).plan()
        }
        #expect(refused?.diagnostics.contains { $0.code == "manifest/too-many-steps" } == true)
    }
}
