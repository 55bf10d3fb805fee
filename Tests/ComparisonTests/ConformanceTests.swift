import Documents
import FoundationEssentials
import OpenAPI
import Testing

@testable import Comparison

/// Runs the cases of other projects' tests; `make conformance` prints the table, the floors catch what gets worse.
@Suite(
    .serialized,
    .enabled(
        if: SampleFolder.isPresent && ProcessInfo.processInfo.environment["ALMRUN_CONFORMANCE"] == "1",
        "set ALMRUN_CONFORMANCE=1 and keep the sample data beside the checkout"))
struct ConformanceTests {
    /// One name, alone or in a list.
    struct Names: Decodable {
        var first: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            first = try (try? container.decode(String.self)) ?? container.decode([String].self).first
        }
    }

    struct Case: Decodable {
        struct Expected: Decodable {
            var id: String
            var operation: String?
            var path: String?
            var section: String?
        }

        var mode: String?
        var base: Names?
        var revision: Names?
        var old: String?
        var new: String?
        var verdict: String?
        var level: String?
        var checksRun: [String]?
        var severityOverrides: [String: String]?
        var minSunsetBetaDays: Int?
        var minSunsetStableDays: Int?
        var stabilityLevel: Int?
        var expected: [Expected]?
    }

    /// What was found of what was expected.
    struct Tally {
        var found = 0
        var missed: [String: Int] = [:]
        var extra: [String: Int] = [:]
        var exactCases = 0
        var cases = 0
        var skipped = 0

        var missedCount: Int { missed.values.reduce(0, +) }
        var extraCount: Int { extra.values.reduce(0, +) }

        func print(_ name: String) {
            let total = found + missedCount
            Swift.print(
                "conformance \(name): expected ids found \(found)/\(total), extra \(extraCount), cases exact "
                    + "\(exactCases)/\(cases), skipped \(skipped)")
            if ProcessInfo.processInfo.environment["ALMRUN_CONFORMANCE_DETAILS"] == "1" {
                for (id, count) in missed.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                    Swift.print("  missed \(count) \(id)")
                }
                for (id, count) in extra.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                    Swift.print("  extra \(count) \(id)")
                }
            }
        }
    }

    private let folder = "\(SampleFolder.path)/conformance/diff"

    private func cases(_ name: String) throws -> [Case] {
        let url = URL(fileURLWithPath: "\(folder)/\(name)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode([Case].self, from: Data(contentsOf: url))
    }

    private func definition(_ name: String) throws -> APIDefinition {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/specs/\(name)")))
        let (document, diagnostics) = Document.read(bytes: bytes, file: name)
        guard let document else { throw Rejected(diagnostics: diagnostics) }
        return try APIDefinition(document)
    }

    private func runOasdiff(_ name: String) throws -> Tally {
        var tally = Tally()
        for (number, one) in try cases(name).enumerated() {
            guard let base = one.base?.first, let revision = one.revision?.first,
                let (old, new) = try? (definition(base), definition(revision))
            else {
                tally.skipped += 1
                continue
            }
            tally.cases += 1
            let options = ComparisonOptions(
                profile: .http, stableGraceDays: one.minSunsetStableDays ?? 0,
                betaGraceDays: one.minSunsetBetaDays ?? 0,
                reportsVersionPolicy: one.severityOverrides?["api-version-not-bumped"] == nil)
            let lowest = one.level == "error" ? Level.breaking : one.level == "warning" ? .warning : .info
            let changes = Comparison(base: old, revision: new, options: options).changes.filter {
                // The peer lists some changes lower than the version that they ask for.
                (ChangeCatalogue.kind($0.id)?.listedLevel ?? .info) >= lowest
            }
            var expected: [String: Int] = [:]
            for item in one.expected ?? [] {
                expected["\(item.id) \(item.operation ?? "") \(PathTemplate(item.path ?? "").shape)", default: 0] += 1
            }
            // The derived cases leave the findings about versions out.
            let isDerived = one.mode == nil
            let wanted = Set(expected.keys.filter { !isDerived || !isAboutVersions($0) })
            var actual = Set<String>()
            for change in changes {
                for operation in change.operations.isEmpty ? [nil] : change.operations.map({ Optional($0) }) {
                    let verb = operation?.method.uppercased() ?? ""
                    actual.insert("\(change.id) \(verb) \(PathTemplate(operation?.path ?? "").shape)")
                }
            }
            // Where a thing is said without an operation in one and with it in the other, the id decides.
            func matches(_ key: String, _ keys: Set<String>) -> Bool {
                if keys.contains(key) { return true }
                let id = key.prefix { $0 != " " }
                return keys.contains {
                    $0.hasPrefix("\(id) ") && ($0 == "\(id)  " || key == "\(id)  " || isSectionOnly(String(id)))
                }
            }
            let missed = wanted.filter { !matches($0, actual) }
            let extra =
                one.checksRun?.isEmpty == false
                ? []
                : actual.filter {
                    !matches($0, wanted) && !isOurs(String($0.prefix { $0 != " " }))
                        && !(isDerived && isAboutVersions($0))
                }
            tally.found += wanted.count - missed.count
            for key in missed { tally.missed[String(key.prefix { $0 != " " }), default: 0] += 1 }
            for key in extra { tally.extra[String(key.prefix { $0 != " " }), default: 0] += 1 }
            if missed.isEmpty, extra.isEmpty {
                tally.exactCases += 1
            } else if ProcessInfo.processInfo.environment["ALMRUN_CONFORMANCE_DETAILS"] == "2" {
                print(
                    "case \(number) \(base) \(revision) \(one.checksRun ?? [])\n   missed \(missed.sorted())\n   extra \(extra.sorted())"
                )
            }
        }
        return tally
    }

    private func isAboutVersions(_ key: String) -> Bool { key.contains("version-") && key.hasPrefix("api-") }

    private func isSectionOnly(_ id: String) -> Bool { id.hasPrefix("webhook") }

    /// Ids that the peer does not have.
    private func isOurs(_ id: String) -> Bool {
        !Self.theirs.contains(id)
    }

    private static let theirs: Set<String> = {
        struct Entry: Decodable { var id: String }
        let url = URL(fileURLWithPath: "\(SampleFolder.path)/conformance/diff/change-catalogue.json")
        guard let data = try? Data(contentsOf: url), let entries = try? JSONDecoder().decode([Entry].self, from: data)
        else { return [] }
        return Set(entries.map(\.id))
    }()

    @Test func oasdiff() throws {
        let tally = try runOasdiff("oasdiff.json")
        tally.print("oasdiff")
        #expect(tally.found >= 425)
        #expect(tally.extraCount <= 20)
        #expect(tally.skipped == 0)
    }

    @Test func oasdiffInSwagger2() throws {
        let tally = try runOasdiff("oasdiff-swagger2.json")
        tally.print("oasdiff, Swagger 2.0")
        #expect(tally.found >= 832)
        #expect(tally.extraCount <= 54)
        #expect(tally.skipped == 0)
    }

    @Test func openAPITools() throws {
        var right = 0
        var wrong: [String] = []
        var skipped = 0
        for one in try cases("openapitools.json") {
            guard let old = one.old, let new = one.new, let base = try? definition(old),
                let revision = try? definition(new)
            else {
                skipped += 1
                continue
            }
            let comparison = Comparison(base: base, revision: revision, options: ComparisonOptions(profile: .http))
            let isBreaking = comparison.changes.contains { $0.semver == .major || $0.level >= .warning }
            let isChanged = comparison.changes.contains { $0.id != "api-definition-changed" }
            let isRight =
                switch one.verdict {
                case "unchanged": !isChanged || comparison.level <= .patch
                case "compatible": !isBreaking
                case "incompatible": isBreaking
                default: !comparison.changes.isEmpty
                }
            if isRight {
                right += 1
            } else {
                wrong.append("\(old) -> \(new): \(one.verdict ?? ""), got \(comparison.changes.map { "\($0.id)" })")
            }
        }
        print("conformance openapitools: verdicts right \(right)/\(right + wrong.count), skipped \(skipped)")
        if ProcessInfo.processInfo.environment["ALMRUN_CONFORMANCE_DETAILS"] != nil {
            for line in wrong { print("  \(line)") }
        }
        #expect(right >= 62)
        #expect(skipped == 0)
    }

    @Test func catalogueHasTheSameLevels() throws {
        struct Entry: Decodable {
            var id: String
            var level: String
            var semver: String
        }
        let url = URL(fileURLWithPath: "\(folder)/change-catalogue.json")
        let entries = try JSONDecoder().decode([Entry].self, from: Data(contentsOf: url))
        for entry in entries {
            let kind = ChangeCatalogue.kind(entry.id)
            #expect(kind != nil, "\(entry.id) is missing")
            let level = entry.level == "error" ? Level.breaking : Level(rawValue: entry.level)
            let semver = entry.semver == "POLICY" ? Bump.none : Bump(rawValue: entry.semver.lowercased())
            #expect(kind?.listedLevel == level && kind?.semver == semver, "\(entry.id) differs")
        }
    }
}
