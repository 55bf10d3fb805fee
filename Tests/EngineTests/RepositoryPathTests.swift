import Engine
import Foundation
import TestSupport
import Testing

@Suite struct RepositoryPathTests {
    @Test func pathsStayInside() throws {
        let outside = try TemporaryFolder()
        let root = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: root.path("link"), withDestinationPath: outside.path)
        try FileManager.default.createSymbolicLink(atPath: root.path("dangling"), withDestinationPath: "/no/such/place")
        let top = try RepositoryPath.resolve(".", in: root.path)
        #expect(try RepositoryPath.resolve("new/folder", in: root.path) == top + "/new/folder")
        #expect(try RepositoryPath.resolve("a/../b", in: root.path) == top + "/b")
        // Also what does not exist yet behind a link lies outside.
        for path in ["/etc/passwd", "../x", "link", "link/newenv", "a/../../x", "dangling", "dangling/x"] {
            #expect(throws: StageFailure.self, "\(path)") { try RepositoryPath.resolve(path, in: root.path) }
        }
    }
}
