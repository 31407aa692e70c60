/// Both directions between a device and the server, as one task finds them.
package struct TransferLinks: Hashable, Codable, Sendable {
  package var download: NetworkLink
  package var upload: NetworkLink

  package init(download: NetworkLink, upload: NetworkLink) {
    self.download = download
    self.upload = upload
  }

  /// Links of a device's rates on which a transfer waits a round trip.
  package init(_ profile: DeviceProfile) {
    download = NetworkLink(rate: profile.download, latency: profile.rtt)
    upload = NetworkLink(rate: profile.upload, latency: profile.rtt)
  }
}
