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
        // How long whole processes take, beside ninja and make.
        .executableTarget(name: "pipelines-bench"),
        // What commands cost beside a store of many runs.
        .executableTarget(
            name: "store-bench", dependencies: [.product(name: "AlmrunRooms", package: "almrun")]),
    ],
    swiftLanguageModes: [.v6]
)
