import Foundation
import UntrustedInputs

/// The kind of input that FLORA_FUZZ names.
private let input: UntrustedInput = {
  let name = ProcessInfo.processInfo.environment["FLORA_FUZZ"] ?? ""
  guard let input = UntrustedInput(rawValue: name) else {
    fatalError("FLORA_FUZZ is one of \(UntrustedInput.allCases.map(\.rawValue))")
  }
  return input
}()

/// Called by libFuzzer with each input.
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

/// The entry point that the build system expects; the actual main is libFuzzer's.
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
