// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "flora",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0")
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(name: "CKernels"),
    .target(name: "Randomness"),
    .target(
      name: "EventSimulation",
      dependencies: [.product(name: "HeapModule", package: "swift-collections")]),
    .target(name: "Fleet", dependencies: ["EventSimulation", "Randomness", "Configuration"]),
    .target(name: "Configuration"),
    .target(
      name: "Tensors",
      dependencies: [
        "CKernels", .target(name: "COpenBLAS", condition: .when(platforms: [.linux])),
      ]),
    .target(name: "CLIP", dependencies: ["Tensors", "Randomness"]),
    .target(name: "Adaptation", dependencies: ["CLIP", "Tensors", "Randomness"]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "Datasets", dependencies: ["CZlib", "Randomness"]),
    .target(name: "TestSupport", dependencies: ["CLIP"], path: "Tests/TestSupport"),
    .testTarget(name: "EventSimulationTests", dependencies: ["EventSimulation", "Randomness"]),
    .testTarget(
      name: "FleetTests", dependencies: ["Fleet", "EventSimulation", "Randomness", "Configuration"]),
    .testTarget(name: "CLIPTests", dependencies: ["CLIP", "Tensors", "TestSupport"]),
    .testTarget(name: "AdaptationTests", dependencies: ["Adaptation", "CLIP", "Tensors", "TestSupport"]),
    .testTarget(name: "DatasetsTests", dependencies: ["CZlib", "Datasets", "Randomness"]),
    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
  ]
)
