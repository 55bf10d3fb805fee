import Documents
import OpenAPI
import Testing

@testable import Comparison

@Suite struct VerdictTests {
    private func operations(_ names: String...) throws -> APIDefinition {
        let paths = names.map { name in
            "/\(name): {get: {operationId: \(name), summary: The \(name), responses: {'200': {description: ok}}}}"
        }
        return try Dialect.swagger2.definition(paths: "{\(paths.joined(separator: ", "))}")
    }

    @Test func tooSmallAVersionNamesWhatDemandsMore() throws {
        let comparison = Comparison(base: try operations("a", "b"), revision: try operations("a", "c"))
        #expect(comparison.level == .major)
        let verdict = Verdict(comparison, baseVersion: "1.4", declaredVersion: "1.5")
        #expect(verdict.isVersionTooSmall)
        #expect(verdict.neededVersion?.description == "2.0")
        #expect(verdict.demanding.map(\.id) == ["api-path-removed-without-deprecation"])
        #expect(!Verdict(comparison, baseVersion: "1.4", declaredVersion: "2.0.0.0").isVersionTooSmall)
        #expect(Verdict(comparison, baseVersion: "1.4", declaredVersion: "1.4").demanding.count == 2)
        #expect(!Verdict(comparison, baseVersion: "1.4").isVersionTooSmall)
        #expect(Verdict(comparison, baseVersion: "spring", declaredVersion: "2.0").neededVersion == nil)
    }

    @Test func approvedChangesNeedTheSameVersion() throws {
        let comparison = Comparison(base: try operations("a", "b"), revision: try operations("a", "c"))
        let breaking = try #require(comparison.changes.first { $0.level == .breaking })
        let verdict = Verdict(
            comparison, baseVersion: "1.4.0", declaredVersion: "1.5.0", approved: [breaking.fingerprint, "gone"])
        #expect(verdict.isVersionTooSmall)
        #expect(verdict.level == .major)
        #expect(verdict.unapproved.isEmpty)
        #expect(verdict.unusedApprovals == ["gone"])
    }

    @Test func whatAsksForAMajorVersionIsBreaking() throws {
        func definition(_ security: String) throws -> APIDefinition {
            let text = "{swagger: '2.0', info: {title: T, version: '1'}, \(security)paths: {}}"
            return try APIDefinition(Document(text: text, file: "api.yaml"))
        }
        let comparison = Comparison(base: try definition("security: [{}], "), revision: try definition(""))
        let verdict = Verdict(comparison, baseVersion: "1.0")
        #expect(verdict.level == .major)
        #expect(verdict.unapproved.map(\.id) == ["api-global-security-removed"])
        #expect(
            ComparisonText(comparison, verdict: verdict).text.contains("1 breaking, 0 warnings, 0 other; level major"))
    }

    @Test func fingerprintsSurviveMovesOfLines() throws {
        let before = try operations("a", "b")
        let after = Comparison(base: before, revision: try operations("a"))
        let moved = Comparison(base: try operations("z", "b", "a"), revision: try operations("z", "a"))
        #expect(after.changes.map(\.fingerprint) == moved.changes.map(\.fingerprint))
    }

    @Test func findingsPointAtTheDocument() throws {
        let comparison = Comparison(base: try operations("a"), revision: try operations("a", "b"))
        let finding = try #require(comparison.changes.first?.finding)
        #expect(finding.code == "endpoint-added")
        #expect(finding.file == "api.yaml")
        #expect(finding.line == 3)
        #expect(finding.message == "b: the operation is new")
        #expect(finding.pointer?.isEmpty == false)
    }

    @Test func releaseNotesTellWhatBreaksFirst() throws {
        let comparison = Comparison(base: try operations("a", "b"), revision: try operations("a", "c_d"))
        let verdict = Verdict(comparison, baseVersion: "1.0")
        let notes = ReleaseNotes(comparison, verdict: verdict, version: "2.0").markdown
        #expect(
            notes == """
                # T 2.0

                1 breaking change, 1 other change; this is a major release (after 1.0 at least 2.0).

                ## Breaking changes

                ### The b (`b`)

                - The operation was removed with its whole path without having been deprecated \
                (flows and apps that use 'b' stop working)

                ## New and improved

                ### The c\\_d (`c_d`)

                - The operation is new

                """)
        let same = Comparison(base: comparison.base, revision: comparison.base)
        #expect(ReleaseNotes(same, verdict: Verdict(same)).markdown == "# T 1.0.0\n\nNothing changed.\n")
    }

    @Test func oneEditReachedByManyOperationsIsOneChange() throws {
        func definition(_ type: String) throws -> APIDefinition {
            let paths = (1...30).map { number in
                "/p\(number): {get: {operationId: o\(number), responses: {'200': {description: ok, "
                    + "schema: {$ref: '#/definitions/S'}}}}}"
            }
            return try Dialect.swagger2.definition(
                paths: "{\(paths.joined(separator: ", "))}", schemas: "{S: {properties: {p: {type: \(type)}}}}")
        }
        let found = changes(try definition("string"), try definition("integer"), .connector)
        #expect(found.count == 1)
        #expect(found.first?.operations.count == 30)
        #expect(found.first?.finding.message.hasPrefix("o1 and 29 more: ") == true)
    }

    @Test func theReportIsPlainValues() throws {
        let comparison = Comparison(base: try operations("a", "b"), revision: try operations("a"))
        let report = ComparisonReport(comparison, verdict: Verdict(comparison, baseVersion: "1.0"))
        #expect(report.breaking == 1)
        #expect(report.neededVersion == "2.0")
        #expect(report.changes.first?.base?.line == 3)
        #expect(report.changes.first?.operations.first?.operationID == "b")
        let text = ComparisonText(comparison, verdict: Verdict(comparison, baseVersion: "1.0", declaredVersion: "1.1"))
            .text
        #expect(text.contains("b (GET /b)\n  breaking: the operation was removed"))
        #expect(
            text.hasSuffix(
                "1 breaking, 0 warnings, 0 other; level major, after 1.0 at least version 2.0; 1.1 is too small\n"))
    }
}
