import Foundation

/// A temporary folder of handwritten results.
final class ResultsFixture {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "reports-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ text: String, to name: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: url.appending(path: name).path)
  }

  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(at: url.appending(path: name))
  }
}

extension ResultsFixture {
  /// A run of two methods and two rounds, on three devices of two classes.
  ///
  /// Round 1 of `flora` ends with client 2 at 10 s; client 1 was lost. Round 2 takes 30 s and ends with client 0.
  static func run(flora: String = "flora", full: String = "fedfft") throws -> ResultsFixture {
    let folder = try ResultsFixture()
    let (a, b) = (field(flora), field(full))
    try folder.write(
      """
      method,seed,round,virtual_time_s,test_accuracy,test_loss,train_loss,selected,completed,dropped,late,excluded_memory,bytes_down,bytes_up,cumulative_bytes,wasted_bytes,device_flops,device_energy_j,peak_memory_bytes
      \(a),7,0,0.000000000,0.5,2.0,,0,0,0,0,0,0,0,0,0,0,,0
      \(a),7,1,10.000000001,0.625,1.5,1.2,2,1,1,0,0,2000,1000,3000,1000,5000,12.5,1000
      \(a),7,2,40.000000001,0.75,1.0,0.9,1,1,0,0,0,1000,1000,5000,0,2500,7.5,1000
      \(b),7,0,0.000000000,0.5,2.0,,0,0,0,0,0,0,0,0,0,0,,0
      \(b),7,1,20.000000000,0.8125,1.5,1.2,2,1,0,0,1,200000,200000,400000,0,9000,20.25,9000

      """, to: "rounds.csv")
    try folder.write(
      """
      method,seed,round,client,device_class,outcome,start_s,download_s,train_s,upload_s,end_s,samples,steps,bytes_down,bytes_up,flops,energy_j,peak_memory_bytes,train_loss,execution_plan,batch_size,rank
      \(a),7,1,1,phone,dropped_training,0.000000000,1.000000000,2.000000000,,3.000000000,9,,1000,0,1000,5.0,1000,,reference,64,
      \(a),7,1,2,camera,completed,0.000000000,1.000000000,8.000000000,1.000000001,10.000000001,10,2,1000,1000,4000,7.5,1000,1.25,reference,64,
      \(a),7,2,0,phone,completed,15.000000001,5.000000000,10.000000000,10.000000000,40.000000001,20,3,1000,1000,2500,7.5,1000,0.875,reference,64,
      \(b),7,1,2,camera,excluded_memory,0.000000000,,,,0.000000000,10,,0,0,0,0.0,9000,,reference,64,
      \(b),7,1,0,phone,completed,0.000000000,5.000000000,5.000000000,10.000000000,20.000000000,20,3,200000,200000,9000,20.25,9000,0.5,reference,64,

      """, to: "tasks.csv")
    try folder.write(
      """
      method,seed,rounds,best_round,target_accuracy,start_accuracy,final_accuracy,best_accuracy,bytes_to_target,time_to_target_s,bytes_down,bytes_up,virtual_time_s,trainable_parameters,payload_bytes,peak_memory_bytes,eligible_share,wasted_share,device_flops,device_energy_j,bytes_to_target_vs_full,bytes_down_vs_full,trainable_parameters_vs_full,peak_memory_bytes_vs_full
      \(a),7,2,2,0.6,0.5,0.75,0.75,3000,10.000000001,3000,2000,40.000000001,250,1000,1000,1.0,0.2,7500,20.000000,0.0075,0.015,0.005,0.1111111111111111
      \(b),7,1,1,0.6,0.5,0.8125,0.8125,400000,20.000000000,200000,200000,20.000000000,50000,200000,9000,0.6666666666666666,0.0,9000,20.250000,1.0,1.0,1.0,1.0

      """, to: "summary.csv")
    try folder.write(
      """
      method,seed,device_class,devices,excluded_devices,excluded_share,adapted_devices
      \(a),7,phone,2,0,0.0,0
      \(a),7,camera,1,0,0.0,0
      \(b),7,phone,2,0,0.0,0
      \(b),7,camera,1,1,1.0,0

      """, to: "participants.csv")
    try folder.write(
      """
      method,seed,data_class,samples,missing_samples,missing_share
      \(a),7,Bag,40,0,0.0
      \(b),7,Bag,40,10,0.25

      """, to: "missing_data.csv")
    try folder.write(
      """
      device,device_class,compute_flops_per_s,memory_bytes,download_bps,upload_bps,rtt_s,dropout,jitter_s,memory_bandwidth_bytes_per_s
      0,phone,1000000000,10000,1000000,500000,0.050000000,0.1,0.000000000,
      1,phone,3000000000,20000,3000000,700000,0.070000000,0.1,0.000000000,
      2,camera,500000000,5000,400000,100000,0.100000000,0.1,0.000000000,

      """, to: "fleet.csv")
    try folder.write(
      """
      {"flora_version": "0.1.0", "matrix_product_kernels": "OpenBLAS", "started_at": "2031-05-06T07:08:09Z",
       "wall_time_s": 4321.5,
       "scenario": {"name": "by-hand", "seed": 7, "timing_only": false, "evaluation": {"every": 1, "targetAccuracy": 0.6},
         "fleet": {"devices": 3, "adapt": [], "classes": [{"name": "phone", "share": 0.5}]},
         "methods": [{"name": \(json(flora)), "kind": "lora"}, {"name": \(json(full)), "kind": "full"}],
         "report": {"tasks": "all"}, "server": {"rounds": 2}}}
      """, to: "manifest.json")
    return folder
  }

  private static func field(_ text: String) -> String {
    text.contains { ",\"\n".contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  private static func json(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
