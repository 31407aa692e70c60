import Foundation
import UntrustedInputs

/// What FLORA_FUZZ names.
private let input: UntrustedInput = {
  let name = ProcessInfo.processInfo.environment["FLORA_FUZZ"] ?? ""
  guard let input = UntrustedInput(rawValue: name) else {
    fatalError("FLORA_FUZZ is one of \(UntrustedInput.allCases.map(\.rawValue))")
  }
  return input
}()

/// What libFuzzer calls with each input.
public func readInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  autoreleasing { input.read(start.map { Data(bytes: $0, count: count) } ?? Data()) }
  return 0
}

private func autoreleasing(_ body: () -> Void) {
  #if canImport(ObjectiveC)
    autoreleasepool(invoking: body)
  #else
    body()
  #endif
}

/// What the build system takes for the program's start; libFuzzer's own main is never called.
@_cdecl("FloraFuzzer_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, readInput)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ read: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
