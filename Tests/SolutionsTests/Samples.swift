import Documents
import Foundation
import Zip

@testable import Solutions

/// The sample solutions beside the checkout, and folders made for one test.
enum Samples {
    /// `../shared/data/power-platform` beside the package.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/power-platform").path

    static var isPresent: Bool { FileManager.default.fileExists(atPath: folder + "/solutions-packed") }

    static let packed = [
        "pnp__always-reply-to-request", "pnp__create-folder-with-link-back-to-list", "pnp__mail-archive-pdf",
        "pnp__notify-team-of-unresponsive-channel-post", "pnp__power-automate-flow-to-share-an-app",
        "pnp__sharepoint-brokenlinks-checker", "pnp__varify-bot", "tf__TerraformSolutionExample_1_0_0_1",
        "tf__TerraformSolutionExample_1_0_0_1_managed", "tf__TerraformTestCustomConnector_1_0_0_1",
        "tf__TerraformTestCustomConnector_1_0_0_1_managed", "tf__TerraformTestSolution_Complex_1_1_0_0",
    ]

    static let unpacked = [
        "pnp__always-reply-to-request", "pnp__create-folder-with-link-back-to-list", "pnp__mail-archive-pdf",
        "pnp__notify-team-of-unresponsive-channel-post", "pnp__power-automate-flow-to-share-an-app",
        "pnp__prompt-wagon-trimmed", "pnp__sharepoint-brokenlinks-checker", "pnp__varify-bot",
        "powercat__BusinessApprovalKit-trimmed", "powercat__Office365Integration",
    ]

    static func package(_ name: String) throws -> SolutionPackage {
        try SolutionPackage(path: "\(folder)/solutions-packed/\(name).zip", file: "\(name).zip")
    }

    static func unpackedFolder(_ name: String) throws -> SolutionFolder {
        try SolutionFolder(path: "\(folder)/solutions-unpacked/\(name)", name: name)
    }

    static func isText(_ name: String) -> Bool { !name.lowercased().hasSuffix(".png") }

    /// Bytes with every CRLF as LF.
    static func withoutCarriageReturns(_ bytes: [UInt8]) -> [UInt8] { XMLLayout.withLineEnds([0x0A], bytes) }
}
