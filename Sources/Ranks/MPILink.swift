#if MPI
  import CMPI
  import Foundation
  import Storage

  /// The ranks of an MPI job.
  ///
  /// A parcel is a message with the head, followed by one message for each non-empty array. No call
  /// blocks, so a dead rank blocks no other.
  package final class MPILink: RankLink {
    package let rank: Int
    package let count: Int
    private var sending: [Sending] = []
    private var incoming: [Int: Incoming] = [:]

    private static let headTag: Int32 = 1
    private static let arrayTag: Int32 = 2

    private typealias Transfer = OpaquePointer

    /// - Throws: `RankFault` if MPI does not start.
    package init() throws {
      var (rank, count) = (Int32(0), Int32(0))
      guard flora_mpi_start(&rank, &count) else { throw RankFault("MPI could not be started") }
      (self.rank, self.count) = (Int(rank), Int(count))
    }

    // MARK: Sending

    /// The buffers that MPI still reads; an array's elements do not move while it is unchanged.
    private struct Sending {
      let parcel: Parcel
      let rank: Int
      var transfers: [Transfer]
    }

    package func send(_ parcel: Parcel, to rank: Int) throws {
      var transfers = [
        try transfer(parcel.head.withUnsafeBytes { begin($0, rank, Self.headTag) }, rank)
      ]
      for array in parcel.arrays where !array.isEmpty {
        transfers.append(
          try transfer(array.withUnsafeBytes { begin($0, rank, Self.arrayTag) }, rank))
      }
      sending.append(Sending(parcel: parcel, rank: rank, transfers: transfers))
    }

    private func begin(_ bytes: UnsafeRawBufferPointer, _ rank: Int, _ tag: Int32) -> Transfer? {
      flora_mpi_send(bytes.baseAddress, Int64(bytes.count), Int32(rank), tag)
    }

    private func transfer(_ transfer: Transfer?, _ rank: Int) throws -> Transfer {
      guard let transfer else { throw fault(of: rank) }
      return transfer
    }

    private func fault(of rank: Int?) -> RankFault { RankFault("MPI reports an error", rank: rank) }

    package var isSending: Bool { !sending.isEmpty }

    package var isReceiving: Bool { !incoming.isEmpty }

    // MARK: Receiving

    private enum Incoming {
      case head(Block, Transfer)
      case arrays(Parcel, [Transfer])
    }

    /// The memory that MPI writes to.
    private final class Block {
      let bytes: UnsafeMutableRawBufferPointer

      init(_ count: Int) { bytes = .allocate(byteCount: max(1, count), alignment: 8) }

      deinit { bytes.deallocate() }
    }

    package func receive() throws -> [(source: Int, parcel: Parcel)] {
      for index in sending.indices.reversed() {
        let rank = sending[index].rank
        try sending[index].transfers.removeAll { try isDone($0, rank) }
        if sending[index].transfers.isEmpty { sending.remove(at: index) }
      }
      var parcels: [(source: Int, parcel: Parcel)] = []
      // A single call if nothing comes, as most of the time, whatever the number of ranks.
      guard try !incoming.isEmpty || lengthOfHead(from: nil) != nil else { return parcels }
      for source in 0..<count where source != rank {
        while let parcel = try next(from: source) { parcels.append((source, parcel)) }
      }
      return parcels
    }

    private func isDone(_ transfer: Transfer, _ rank: Int) throws -> Bool {
      switch flora_mpi_is_done(transfer) {
      case 0: false
      case 1: true
      default: throw fault(of: rank)
      }
    }

    /// Nil if no head has arrived from a rank, or from any if the rank is nil.
    private func lengthOfHead(from source: Int?) throws -> Int? {
      var count: Int64 = 0
      switch flora_mpi_probe(Int32(source ?? -1), Self.headTag, &count) {
      case 0: return nil
      case 1: return Int(count)
      default: throw fault(of: source)
      }
    }

    /// Nil if no complete parcel has arrived.
    private func next(from source: Int) throws -> Parcel? {
      if incoming[source] == nil {
        guard let count = try lengthOfHead(from: source) else { return nil }
        let block = Block(count)
        let transfer = try transfer(
          flora_mpi_receive(block.bytes.baseAddress, Int64(count), Int32(source), Self.headTag),
          source)
        incoming[source] = .head(block, transfer)
        headCounts[source] = count
      }
      if case .head(let block, let transfer) = incoming[source] {
        guard try isDone(transfer, source) else { return nil }
        let head = Array(block.bytes.prefix(headCounts[source] ?? 0))
        incoming[source] = try arrays(of: head, from: source)
      }
      guard case .arrays(let parcel, var transfers) = incoming[source] else { return nil }
      try transfers.removeAll { try isDone($0, source) }
      guard transfers.isEmpty else {
        incoming[source] = .arrays(parcel, transfers)
        return nil
      }
      incoming[source] = nil
      return parcel
    }

    private var headCounts: [Int: Int] = [:]

    /// Makes MPI write the arrays directly into their final storage.
    private func arrays(of head: [UInt8], from source: Int) throws -> Incoming {
      var transfers: [Transfer] = []
      let form = try BinaryForm(head: Data(head)) { count in
        var address: UnsafeMutablePointer<Float>?
        let array = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
          address = buffer.baseAddress
          initialized = count
        }
        if count > 0 {
          transfers.append(
            try transfer(
              flora_mpi_receive(address, Int64(4 * count), Int32(source), Self.arrayTag), source))
        }
        return array
      }
      guard let form else { throw RankFault("it sent an unknown message") }
      return .arrays(Parcel(head: head, arrays: form.arrays), transfers)
    }

    package func end() { flora_mpi_end() }
  }
#endif
