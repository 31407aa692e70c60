// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "flora",
  platforms: [.macOS(.v15)],
  targets: [
    .target(name: "Randomness"),
    .target(name: "EventSimulation"),
    .target(name: "Configuration"),
    .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
  ]
)
