import CCairo
import Foundation

extension ContactSheet {
  /// Writes the sheet to a PNG file, replacing any existing file.
  public func writePNG(to file: URL) throws(ContactSheetError) {
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    else { throw ContactSheetError(file: file, reason: "no memory") }
    defer { cairo_surface_destroy(surface) }
    cairo_surface_flush(surface)
    if let data = cairo_image_surface_get_data(surface) {
      let stride = Int(cairo_image_surface_get_stride(surface))
      let bytes = UnsafeMutableRawPointer(data)
      for y in 0..<height {
        for x in 0..<width {
          let source = (y * width + x) * 3
          let pixel =
            UInt32(pixels[source]) << 16 | UInt32(pixels[source + 1]) << 8
            | UInt32(pixels[source + 2])
          bytes.storeBytes(of: pixel, toByteOffset: y * stride + x * 4, as: UInt32.self)
        }
      }
      cairo_surface_mark_dirty(surface)
    }
    let status = cairo_surface_write_to_png(surface, file.path(percentEncoded: false))
    guard status == CAIRO_STATUS_SUCCESS else {
      throw ContactSheetError(file: file, reason: String(cString: cairo_status_to_string(status)))
    }
  }
}
