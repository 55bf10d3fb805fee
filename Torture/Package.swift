// swift-tools-version: 6.2
import PackageDescription

// Faults/faults.c is compiled by the Makefile: what is loaded into the command must bring no Swift runtime of its own.
let package = Package(
    name: "Torture",
    products: [
        .executable(name: "torture", targets: ["torture"])
    ],
    targets: [
        // SQLite, to read the ledger without the help of the command, and a way to start processes in a folder.
        .systemLibrary(name: "CSystem", path: "CSystem", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        // Drives the built command through every fault, and judges what is left.
        .executableTarget(
            name: "torture", dependencies: ["CSystem"],
            swiftSettings: [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]),
    ],
    swiftLanguageModes: [.v6]
)
