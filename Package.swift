// swift-tools-version: 6.1
import PackageDescription

/// `scripts/sanitize undefined` enables UBSan for the package's C code; the Swift driver has no such option on Linux.
let checksUndefinedBehaviour = Context.environment["FLORA_SANITIZE"] == "undefined"
let cChecks: [CSetting] =
  checksUndefinedBehaviour
  ? [.unsafeFlags(["-fsanitize=undefined,float-cast-overflow", "-fno-sanitize-recover=all"])] : []
let checkRuntime: [LinkerSetting] =
  checksUndefinedBehaviour
  ? [.unsafeFlags(["-Xclang-linker", "-fsanitize=undefined"], .when(platforms: [.linux]))] : []

let package = Package(
  name: "flora",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "flora", targets: ["flora"]),
    // For `Benchmarks/`, which measures non-public code.
    .library(name: "FloraModules", targets: ["FederatedSimulation"]),
    // For `Fuzzing/`, which reads files like the program.
    .library(name: "FloraInputs", targets: ["UntrustedInputs"]),
  ],
  traits: [
    .trait(name: "MPI", description: "a run on several machines: mpirun -n N flora run")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // System libraries; on macOS, Accelerate replaces OpenBLAS.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCairo", pkgConfig: "cairo",
      providers: [.apt(["libcairo2-dev"]), .brew(["cairo"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libturbojpeg",
      providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
    .systemLibrary(
      name: "CWebP", pkgConfig: "libwebpdemux",
      providers: [.apt(["libwebp-dev"]), .brew(["webp"])]),
    .systemLibrary(
      name: "CGIF", pkgConfig: "libgif",
      providers: [.apt(["libgif-dev"]), .brew(["giflib"])]),
    .systemLibrary(
      name: "CTIFF", pkgConfig: "libtiff-4",
      providers: [.apt(["libtiff-dev"]), .brew(["libtiff"])]),
    .systemLibrary(
      name: "COpenMPI", pkgConfig: "ompi-c",
      providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),

    .target(name: "Storage", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),

    // Models and training.
    .target(name: "Randomness"),
    .target(name: "CKernels", cSettings: cChecks, linkerSettings: checkRuntime),
    .target(
      name: "Tensors",
      dependencies: [
        "CKernels", .target(name: "COpenBLAS", condition: .when(platforms: [.linux])),
        .product(name: "DequeModule", package: "swift-collections"),
      ]),
    .target(name: "CLIP", dependencies: ["CKernels", "Tensors", "Randomness"]),
    .target(name: "BaseModels", dependencies: ["CLIP", "Tensors"], resources: [.copy("Models")]),
    .target(
      name: "CPictures", dependencies: ["CGIF", "CPNG", "CTIFF", "CWebP"], cSettings: cChecks,
      linkerSettings: checkRuntime),
    .target(name: "Pictures", dependencies: ["CPictures", "CTurboJPEG"]),
    .target(name: "Datasets", dependencies: ["CZlib", "Pictures", "Randomness", "Storage"]),
    .target(
      name: "Adaptation", dependencies: ["CKernels", "CLIP", "Datasets", "Randomness", "Tensors"]),
    .target(name: "Drawings", dependencies: ["CCairo", "Randomness"]),
    .target(
      name: "Pretraining",
      dependencies: [
        "Adaptation", "CLIP", "Configuration", "Datasets", "Drawings", "Randomness", "Storage",
        "Tensors",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Federation", dependencies: ["Adaptation", "CLIP", "Randomness", "Tensors"]),

    // Time and devices, independent of models.
    .target(name: "Configuration", dependencies: ["Yams"]),
    .target(
      name: "EventSimulation",
      dependencies: [.product(name: "HeapModule", package: "swift-collections")]),
    .target(
      name: "Fleet", dependencies: ["Configuration", "EventSimulation", "Randomness", "Storage"]),

    // Task scheduling, client selection and training backends.
    .target(
      name: "DeviceTasks",
      dependencies: ["Adaptation", "EventSimulation", "Federation", "Fleet"]),
    .target(
      name: "Coordination",
      dependencies: ["DeviceTasks", "EventSimulation", "Federation", "Randomness"]),
    .target(
      name: "TrainingBackends",
      dependencies: ["Adaptation", "CLIP", "Federation", "Randomness", "Tensors"]),

    // A run that several processes share.
    .target(
      name: "CMPI",
      dependencies: [.target(name: "COpenMPI", condition: .when(traits: ["MPI"]))],
      cSettings: [.define("FLORA_MPI", .when(traits: ["MPI"]))]),
    .target(
      name: "Ranks",
      dependencies: [
        "Adaptation", .target(name: "CMPI", condition: .when(traits: ["MPI"])), "Federation",
        "Storage", "Tensors", "TrainingBackends",
      ]),

    // What a scenario asks for, and what a run leaves.
    .target(
      name: "Scenario",
      dependencies: [
        "Adaptation", "CLIP", "Configuration", "Datasets", "DeviceTasks", "EventSimulation",
        "Federation", "Fleet", "Storage", "Tensors",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [
        .copy("Fleets"), .copy("Keys/scenario-keys.yaml"), .copy("Keys/starter.yaml"),
      ]),
    .target(
      name: "Results",
      dependencies: [
        "Adaptation", "DeviceTasks", "EventSimulation", "Fleet", "Scenario", "Storage", "Tensors",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),

    // The simulation, which combines all of them.
    .target(
      name: "FederatedSimulation",
      dependencies: [
        "Adaptation", "BaseModels", "CLIP", "Coordination", "Datasets", "DeviceTasks",
        "EventSimulation", "Federation", "Fleet", "Randomness", "Ranks", "Results", "Scenario",
        "Storage", "Tensors", "TrainingBackends",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Sweeps", dependencies: ["FederatedSimulation", "Results", "Scenario", "Storage"]),

    // Human-readable reports, made only from the tables.
    .target(
      name: "Reports",
      dependencies: [
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ], resources: [.copy("Page")]),
    .executableTarget(
      name: "flora",
      dependencies: [
        "Adaptation", "BaseModels", "CLIP", "Configuration", "Datasets", "DeviceTasks", "Drawings",
        "EventSimulation", "FederatedSimulation", "Fleet", "Pictures", "Pretraining", "Ranks",
        "Reports", "Results", "Scenario", "Storage", "Sweeps", "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], plugins: ["NameCommit"]),
    .plugin(name: "NameCommit", capability: .buildTool()),

    .target(
      name: "TestSupport", dependencies: ["CLIP", "Randomness"], path: "Tests/TestSupport"),
    .target(
      name: "UntrustedInputs",
      dependencies: [
        "Adaptation", "BaseModels", "CLIP", "Configuration", "Coordination", "Datasets",
        "EventSimulation", "FederatedSimulation", "Federation", "Fleet", "Pictures", "Reports",
        "Results", "Scenario", "Storage", "Tensors",
        .product(name: "Crypto", package: "swift-crypto"),
      ], path: "Tests/UntrustedInputs"),
    .testTarget(name: "UntrustedInputTests", dependencies: ["UntrustedInputs"]),
    .testTarget(
      name: "AdaptationTests",
      dependencies: [
        "Adaptation", "BaseModels", "CLIP", "Datasets", "Randomness", "Tensors", "TestSupport",
      ]),
    .testTarget(name: "CLIPTests", dependencies: ["CLIP", "Tensors", "TestSupport"]),
    .testTarget(name: "CommandLineTests", dependencies: ["flora"]),
    .testTarget(name: "ConfigurationTests", dependencies: ["Configuration"]),
    .testTarget(
      name: "CoordinationTests",
      dependencies: ["Coordination", "DeviceTasks", "EventSimulation", "Federation"]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["CZlib", "Datasets", "Pictures", "Randomness", "TestSupport"]),
    .testTarget(
      name: "DeviceTasksTests",
      dependencies: [
        "Adaptation", "DeviceTasks", "EventSimulation", "Federation", "Fleet", "Randomness",
        "TestSupport",
      ]),
    .testTarget(
      name: "DrawingsTests", dependencies: ["CCairo", "Drawings", "Randomness", "TestSupport"]),
    .testTarget(name: "EventSimulationTests", dependencies: ["EventSimulation", "Randomness"]),
    .testTarget(
      name: "FederatedSimulationTests",
      dependencies: [
        "Adaptation", "BaseModels", "CKernels", "CLIP", "Configuration", "Coordination",
        "DeviceTasks", "EventSimulation", "FederatedSimulation", "Federation", "Fleet",
        "Randomness", "Ranks", "Reports", "Results", "Scenario", "Storage", "Sweeps", "Tensors",
        "TrainingBackends", "Yams", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .testTarget(
      name: "FederationTests",
      dependencies: [
        "Adaptation", "CLIP", "Datasets", "Federation", "Randomness", "Tensors", "TestSupport",
        "TrainingBackends",
      ]),
    .testTarget(
      name: "FleetTests",
      dependencies: [
        "Configuration", "EventSimulation", "Fleet", "Randomness", "Storage", "TestSupport",
      ]
    ),
    .testTarget(name: "PicturesTests", dependencies: ["CLIP", "Pictures", "TestSupport"]),
    .testTarget(
      name: "PretrainingTests",
      dependencies: [
        "Adaptation", "CCairo", "CLIP", "Configuration", "Drawings", "Pretraining", "Tensors",
        "TestSupport",
      ]),
    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
    .testTarget(name: "RanksTests", dependencies: ["Ranks", "Tensors", "TestSupport"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports"]),
    .testTarget(name: "StorageTests", dependencies: ["Storage"]),
    .testTarget(name: "TensorsTests", dependencies: ["CKernels", "Tensors", "TestSupport"]),
  ]
)
