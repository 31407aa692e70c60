// swift-tools-version: 6.1
import PackageDescription

// Built with -enable-testing, as the package's tests are: what is measured is not public.
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
