/// Both directions between a device and the server for one task.
package struct TransferLinks: Hashable, Codable, Sendable {
  package var download: NetworkLink
  package var upload: NetworkLink

  package init(download: NetworkLink, upload: NetworkLink) {
    self.download = download
    self.upload = upload
  }

  /// Links with a device's rates and a latency of one round trip.
  package init(_ profile: DeviceProfile) {
    download = NetworkLink(rate: profile.download, latency: profile.rtt)
    upload = NetworkLink(rate: profile.upload, latency: profile.rtt)
  }
}
