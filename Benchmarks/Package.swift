// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "almrun", path: ".."),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // How fast documents are read, beside Foundation and Yams.
        .executableTarget(
            name: "documents-bench",
            dependencies: [.product(name: "AlmrunRooms", package: "almrun"), "Yams"]),
        // How long a run of steps that do nothing takes, with durable state.
        .executableTarget(
            name: "engine-bench", dependencies: [.product(name: "AlmrunRooms", package: "almrun")]),
    ],
    swiftLanguageModes: [.v6]
)
