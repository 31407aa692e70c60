import Foundation
import Testing

@testable import Reports

struct TextTests {
  @Test(arguments: [
    (Quantity.bytes, 0.0, "0 B"), (.bytes, 999, "999 B"), (.bytes, 385_024, "385.0 kB"),
    (.bytes, 999_999, "1.0 MB"), (.bytes, 1_474_560, "1.5 MB"), (.bytes, 53_073_668, "53.1 MB"),
    (.seconds, 0, "0.00 s"), (.seconds, 0.0341, "34.1 ms"), (.seconds, 34.935, "34.9 s"),
    (.seconds, 100, "100 s"), (.seconds, 244.9, "4.08 min"), (.seconds, 13_980.27, "3.88 h"),
    (.seconds, 814_088, "9.42 d"), (.share, 0.755, "75.5 %"),
    (.count, 1_907_072, "1\u{202F}907\u{202F}072"),
    (.joules, 102_382.9, "102.4 kJ"), (.operations, 5_691_799_225_057, "5.7 TFLOP"),
    (.bitsPerSecond, 50e6, "50.0 Mbps"), (.count, -1234, "−1\u{202F}234"),
  ]) func `numbers are shown in a suitable unit`(
    _ quantity: Quantity, _ value: Double, _ text: String
  ) {
    #expect(quantity.spelled(value) == text)
  }

  @Test(arguments: [
    (317.0, "317× more"), (0.5, "2.00× less"), (1.0, "as much"), (0.0031545741, "317× less"),
  ]) func `ratios are described as more or less`(_ ratio: Double, _ text: String) {
    #expect(Comparison.spelled(ratio) == text)
  }

  @Test(arguments: [
    (Int64(0), "0.000000000", "0.000"), (12_000_000_034, "12.000000034", "12000000.034"),
    (-5, "-0.000000005", "-0.005"),
    (.max, "9223372036.854775807", "9223372036854775.807"),
  ]) func `nanoseconds are decimals without rounding`(
    _ time: Int64, _ seconds: String, _ microseconds: String
  ) {
    #expect(DecimalTime.seconds(time) == seconds)
    #expect(DecimalTime.microseconds(time) == microseconds)
  }

  @Test func `a copied number reads back the same`() {
    for value in [0.1, 385_024, 1.0 / 3, 1e300, 0.0031545741324921135, 9_007_199_254_740_991] {
      #expect(Double(value.plain) == value)
    }
    #expect(385_024.0.plain == "385024")
  }

  @Test func `markup is escaped`() {
    #expect(
      Markup.escaped("<script>\"a\" & 'b'\u{0}")
        == "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;\u{FFFD}")
  }

  @Test func `JSON's text reads back the same`() throws {
    for text in ["plain", "\"\\\n\t\u{1}", "é😀</script>"] {
      let data = Data("[\(JSONText.quoted(text))]".utf8)
      #expect(try JSONDecoder().decode([String].self, from: data) == [text])
    }
  }

  @Test func `a text too long for its space ends with an ellipsis`() {
    let name = "a-method-with-a-very-long-name"
    let fitted = TextWidth.fitted(name, 100)
    #expect(fitted.hasSuffix("…") && name.hasPrefix(fitted.dropLast()))
    #expect(TextWidth.of(fitted) <= 100 && TextWidth.fitted("short", 100) == "short")
  }

  @Test(arguments: [
    (0.0, "0"), (1, "1"), (-1.5, "-1.5"), (0.05, "0.05"), (12.345, "12.35"), (-0.001, "0"),
  ]) func `coordinates have hundredths at most`(_ value: Double, _ text: String) {
    #expect(SVGDrawing.number(value) == text)
  }
}
