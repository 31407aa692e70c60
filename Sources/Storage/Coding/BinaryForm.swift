/// A value as bytes, beside its arrays of floats.
///
/// Floating-point numbers keep their bits, infinities and NaNs included. Each string is there once, as is
/// each array that several places of the value share.
package struct BinaryForm {
  var tree: [UInt8] = []
  var strings: [String] = []
  package var arrays: [[Float]] = []
}
