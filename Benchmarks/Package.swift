// swift-tools-version: 6.1
import PackageDescription

// Built with -enable-testing, like the package's tests: the measured code is not public.
let package = Package(
  name: "flora-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "flora", path: "..")
  ],
  targets: [
    .executableTarget(
      name: "FloraBenchmarks",
      dependencies: [.product(name: "FloraModules", package: "flora")])
  ]
)
