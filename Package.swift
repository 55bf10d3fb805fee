// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A target of ours: the strict settings are the same for all of them.
func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests of a room mirror its files.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), orderedCollections] + dependencies,
        swiftSettings: strict)
}

let orderedCollections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "almrun",
    products: [
        .executable(name: "almrun", targets: ["almrun"]),
        .library(name: "AlmrunRooms", targets: ["Documents", "Pipelines", "Engine", "RunStorage", "TestSupport"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // libyaml's event interface, used by Documents alone.
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        // libgit2, used by Git alone.
        .systemLibrary(name: "CLibGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        // libzip, used by Zip alone.
        .systemLibrary(name: "CLibZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),

        // Files that people write: their text, the place of every value, and what is wrong with them.
        room("Documents", ["CLibYAML", orderedCollections]),
        // The few git operations a release needs.
        room("Git", ["CLibGit2", crypto]),
        // Zip archives that are byte-for-byte the same for the same content.
        room("Zip", ["CLibZip"]),
        // One model of Swagger 2.0, OpenAPI 3.0 and 3.1 documents, read in place.
        room("OpenAPI", ["Documents"]),
        // Spectral-compatible rulesets, the built-in rules, and the connector rules.
        room("Linting", ["Documents", "OpenAPI", orderedCollections]),
        // What changed between two definitions, whom it breaks, and which version that needs.
        room("Comparison", ["Documents", "OpenAPI", orderedCollections]),
        // Test cases from a definition, their execution, their verdicts; the mock backend.
        room(
            "Harness",
            [
                "Documents", "OpenAPI", orderedCollections, httpClient, hummingbird, histogram, nioCore, nioHTTP1,
                httpTypes, serviceLifecycle,
                logging,
            ]),
        // Solution packages: read, pack, unpack, settings, rebinding.
        room("Solutions", ["Documents", "Zip", orderedCollections, crypto]),
        // Where packages are installed: the protocol and the embedded directory environment.
        room("Environments", ["Documents", "Solutions", orderedCollections, crypto]),
        // SSH keys, and signatures of them that `ssh-keygen -Y verify` accepts.
        room("Signatures", [crypto]),
        // Turns manifests, templates and environments into a plan that is known to be sound.
        room("Pipelines", ["Documents", "Signatures", orderedCollections, crypto]),
        // Runs a plan, keeps what happened, and carries on where it stopped.
        room("Engine", ["Documents", "Signatures", "Pipelines", orderedCollections, crypto, logging]),
        // Keeps runs in SQLite.
        room("RunStorage", ["Documents", "Pipelines", "Engine", grdb]),
        // Tells people and machines what happened.
        room("Reporting", ["Documents", "Pipelines", "Engine", orderedCollections]),
        // The stages that come with almrun, one folder each.
        room(
            "Stages",
            [
                "Documents", "Git", "Zip", "OpenAPI", "Linting", "Comparison", "Harness", "Solutions", "Environments",
                "Pipelines", "Engine", orderedCollections, crypto,
            ]),
        // The command line: arguments in, text and exit status out; the one place where the real objects are made.
        .executableTarget(
            name: "almrun",
            dependencies: [
                "Documents", "Git", "Zip", "OpenAPI", "Linting", "Comparison", "Harness", "Solutions", "Environments",
                "Signatures", "Pipelines", "Engine", "RunStorage", "Reporting", "Stages", orderedCollections,
                argumentParser,
                unixSignals, logging,
            ],
            swiftSettings: strict),
        // Doubles and markers for tests; no test in it.
        room("TestSupport", ["Documents", "Pipelines", "Engine"]),

        tests("Documents", ["TestSupport"]),
        tests("Git", []),
        tests("Zip", []),
        tests("OpenAPI", ["Documents"]),
        tests("Linting", ["Documents", "OpenAPI"]),
        tests("Comparison", ["Documents", "OpenAPI"]),
        tests("Harness", ["Documents", "OpenAPI", "TestSupport"]),
        tests("Solutions", ["Documents", "Zip"]),
        tests("Environments", ["Documents", "Solutions"]),
        tests("Signatures", ["TestSupport"]),
        tests("Pipelines", ["Documents", "TestSupport"]),
        tests("Engine", ["Documents", "Signatures", "Pipelines", "TestSupport"]),
        tests("RunStorage", ["Documents", "Pipelines", "Engine", "TestSupport", grdb]),
        tests("Reporting", ["Documents", "Pipelines", "Engine", "TestSupport"]),
        tests(
            "Stages",
            [
                "Documents", "Git", "Zip", "OpenAPI", "Linting", "Comparison", "Harness", "Solutions", "Environments",
                "Pipelines", "Engine", "RunStorage", "TestSupport",
            ]),
        // Golden tests of the built command.
        .testTarget(
            name: "almrunTests", dependencies: ["almrun", "TestSupport", grdb], exclude: ["Golden"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
