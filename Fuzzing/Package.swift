// swift-tools-version: 6.1
import PackageDescription

// Built by scripts/fuzz with libFuzzer, which provides the main function.
let package = Package(
  name: "flora-fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "flora", path: "..")],
  targets: [
    .executableTarget(
      name: "FloraFuzzer",
      dependencies: [.product(name: "FloraInputs", package: "flora")],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ]
)
