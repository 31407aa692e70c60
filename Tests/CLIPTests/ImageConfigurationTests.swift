import Foundation
import Testing

@testable import CLIP

struct ImageConfigurationTests {
  private static func decode(_ json: String) throws -> ImagePreprocessor {
    try JSONDecoder().decode(ImagePreprocessor.self, from: Data(json.utf8))
  }

  @Test func `missing values take CLIP's defaults`() throws {
    #expect(try Self.decode("{}") == ImagePreprocessor())
    #expect(ImagePreprocessor().size == 224)
    #expect(ImagePreprocessor().resize == .shortestEdge(224))
  }

  @Test(arguments: [
    #"{"size": 32, "crop_size": 24}"#,
    #"{"size": {"shortest_edge": 32}, "crop_size": {"height": 24, "width": 24}}"#,
  ])
  func `sizes are read as numbers and as objects`(json: String) throws {
    #expect(try Self.decode(json) == ImagePreprocessor(size: 24, resize: .shortestEdge(32)))
  }

  @Test func `a size with height and width ignores the aspect ratio`() throws {
    let json = #"{"size": {"height": 32, "width": 40}, "crop_size": 32}"#
    #expect(try Self.decode(json).resize == .exact(height: 32, width: 40))
  }

  @Test func `the normalisation constants are read`() throws {
    let json = """
      {"image_mean": [0.5, 0.25, 0.125], "image_std": [1, 2, 3], "rescale_factor": 0.5,
        "crop_size": 8, "do_resize": true, "resample": 3, "feature_extractor_type": "CLIPFeatureExtractor"}
      """
    #expect(
      try Self.decode(json)
        == ImagePreprocessor(
          size: 8, resize: .shortestEdge(224), mean: [0.5, 0.25, 0.125],
          standardDeviation: [1, 2, 3], rescaleFactor: 0.5))
  }

  @Test(arguments: [
    ImagePreprocessor(),
    ImagePreprocessor(size: 20, resize: .exact(height: 24, width: 30), rescaleFactor: 0.25),
  ])
  func `a configuration that was written is read back`(preprocessor: ImagePreprocessor) throws {
    let data = try JSONEncoder().encode(preprocessor)
    #expect(try JSONDecoder().decode(ImagePreprocessor.self, from: data) == preprocessor)
  }

  @Test(arguments: [
    (#"{"do_resize": false}"#, "do_resize: false is not supported"),
    (#"{"resample": 2}"#, "resample: filter 2 is not supported"),
    (#"{"image_mean": [1, 2]}"#, "image_mean: 2 numbers"),
    (#"{"image_std": [1, 0, 1]}"#, "image_std: the standard deviations must be positive"),
    (#"{"crop_size": {"height": 8, "width": 9}}"#, "crop_size: 8 by 9 is not square"),
    (#"{"crop_size": 0}"#, "crop_size: the size must be positive"),
    (#"{"size": 8, "crop_size": 9}"#, "crop_size: 9 is larger than the resized image"),
    (#"{"size": {"longest_edge": 8}}"#, "size: write a whole number"),
    (#"{"size": "#, "is not a JSON object"),
    (
      #"{"size": 1000000000000000000}"#,
      "size: 1000000000000000000 pixels exceed the limit of 65536"
    ),
    (
      #"{"size": {"height": 224, "width": 9223372036854775807}}"#,
      "size: 9223372036854775807 pixels"
    ),
    (#"{"size": 1e300}"#, "size: write a whole number"),
    (
      #"{"size": 1000000000000, "crop_size": 1000000000000}"#, "size: 1000000000000 pixels exceed"
    ),
    (#"{"size": -224}"#, "crop_size: 224 is larger than the resized image"),
    (#"{"image_std": [1, 1e-44, 1]}"#, "image_std: with image_mean"),
    (#"{"rescale_factor": 1e300}"#, "image_std: with image_mean"),
    (
      #"{"image_processor_type": "ViTImageProcessor"}"#,
      "image_processor_type: ViTImageProcessor is"
    ),
    (#"{"image_processor_type": "SiglipImageProcessorFast"}"#, "image_processor_type: Siglip"),
    (#"{"feature_extractor_type": "ViTFeatureExtractor"}"#, "feature_extractor_type: ViT"),
    (#"{"do_pad": true}"#, "do_pad: true is not supported"),
  ])
  func `an error in the file is named`(json: String, message: String) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appending(path: "preprocessor_config.json")
    try Data(json.utf8).write(to: file)
    let error = #expect(throws: ImagePreprocessorError.self) {
      _ = try ImagePreprocessor(directory: directory)
    }
    #expect(error?.description.hasPrefix("\(file.path): \(message)") == true, "\(error!)")
  }

  /// transformers 5.24: `use_square_size` overrides any size, and `default_to_square` applies only to a number.
  @Test(arguments: [
    (
      #"{"use_square_size": true, "size": {"shortest_edge": 300}}"#,
      ImageResizeRule.exact(height: 224, width: 224)
    ),
    (#"{"use_square_size": false, "size": 300}"#, .shortestEdge(300)),
    (#"{"default_to_square": true, "size": 300}"#, .exact(height: 300, width: 300)),
    (#"{"default_to_square": true, "size": {"shortest_edge": 300}}"#, .shortestEdge(300)),
    (
      #"{"image_processor_type": "CLIPImageProcessorFast", "do_pad": null, "size": 300}"#,
      .shortestEdge(300)
    ),
  ])
  func `keys that change the size are followed`(json: String, rule: ImageResizeRule) throws {
    #expect(try Self.decode(json).resize == rule)
  }

  @Test
  func
    `processor_config.json goes before preprocessor_config.json where it has an image processor`()
    throws
  {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    func write(_ json: String, _ name: String) throws {
      try Data(json.utf8).write(to: directory.appending(path: name))
    }
    // As written by CLIPProcessor.save_pretrained of transformers 5.
    try write(
      """
      {"image_processor": {"crop_size": {"height": 24, "width": 24}, "do_center_crop": true, "do_convert_rgb": true,
        "do_normalize": true, "do_rescale": true, "do_resize": true, "image_mean": [0.5, 0.25, 0.125],
        "image_processor_type": "CLIPImageProcessor", "image_std": [1, 2, 3], "resample": 3,
        "rescale_factor": 0.5, "size": {"shortest_edge": 32}}, "processor_class": "CLIPProcessor"}
      """, "processor_config.json")
    let own = ImagePreprocessor(
      size: 24, resize: .shortestEdge(32), mean: [0.5, 0.25, 0.125],
      standardDeviation: [1, 2, 3], rescaleFactor: 0.5)
    #expect(try ImagePreprocessor(directory: directory) == own)
    try write(#"{"crop_size": 8}"#, "preprocessor_config.json")
    #expect(try ImagePreprocessor(directory: directory) == own)
    try write(#"{"processor_class": "CLIPProcessor"}"#, "processor_config.json")
    #expect(try ImagePreprocessor(directory: directory).size == 8)
    try write(#"{"image_processor": {"do_resize": false}}"#, "processor_config.json")
    let error = try #require(throws: ImagePreprocessorError.self) {
      try ImagePreprocessor(directory: directory)
    }
    #expect(error.description.contains("processor_config.json: image_processor.do_resize: false"))
  }

  @Test func `a missing file is named`() {
    let error = #expect(throws: ImagePreprocessorError.self) {
      _ = try ImagePreprocessor(directory: URL(filePath: "/no/such/directory"))
    }
    #expect(error?.file == "/no/such/directory/preprocessor_config.json")
  }
}
