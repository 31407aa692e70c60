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
      var transfers: [Transfer]
    }

    package func send(_ parcel: Parcel, to rank: Int) throws {
      var transfers = [
        try transfer(parcel.head.withUnsafeBytes { begin($0, rank, Self.headTag) })
      ]
      for array in parcel.arrays where !array.isEmpty {
        transfers.append(
          try transfer(array.withUnsafeBytes { begin($0, rank, Self.arrayTag) }))
      }
      sending.append(Sending(parcel: parcel, transfers: transfers))
    }

    private func begin(_ bytes: UnsafeRawBufferPointer, _ rank: Int, _ tag: Int32) -> Transfer? {
      flora_mpi_send(bytes.baseAddress, Int64(bytes.count), Int32(rank), tag)
    }

    private func transfer(_ transfer: Transfer?) throws -> Transfer {
      guard let transfer else { throw RankFault("MPI reports an error") }
      return transfer
    }

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
        try sending[index].transfers.removeAll(where: isDone)
        if sending[index].transfers.isEmpty { sending.remove(at: index) }
      }
      var parcels: [(source: Int, parcel: Parcel)] = []
      // Rank 0 communicates with all other ranks, and they with rank 0 alone.
      for source in rank == 0 ? 1..<count : 0..<1 {
        while let parcel = try next(from: source) { parcels.append((source, parcel)) }
      }
      return parcels
    }

    private func isDone(_ transfer: Transfer) throws -> Bool {
      switch flora_mpi_is_done(transfer) {
      case 0: false
      case 1: true
      default: throw RankFault("MPI reports an error")
      }
    }

    /// Nil if no complete parcel has arrived.
    private func next(from source: Int) throws -> Parcel? {
      if incoming[source] == nil {
        var count: Int64 = 0
        switch flora_mpi_probe(Int32(source), Self.headTag, &count) {
        case 0: return nil
        case 1: break
        default: throw RankFault("MPI reports an error")
        }
        let block = Block(Int(count))
        let transfer = try transfer(
          flora_mpi_receive(block.bytes.baseAddress, count, Int32(source), Self.headTag))
        incoming[source] = .head(block, transfer)
        headCounts[source] = Int(count)
      }
      if case .head(let block, let transfer) = incoming[source] {
        guard try isDone(transfer) else { return nil }
        let head = Array(block.bytes.prefix(headCounts[source] ?? 0))
        incoming[source] = try arrays(of: head, from: source)
      }
      guard case .arrays(let parcel, var transfers) = incoming[source] else { return nil }
      try transfers.removeAll(where: isDone)
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
              flora_mpi_receive(address, Int64(4 * count), Int32(source), Self.arrayTag)))
        }
        return array
      }
      guard let form else { throw RankFault("it sent an unknown message") }
      return .arrays(Parcel(head: head, arrays: form.arrays), transfers)
    }

    package func end() { flora_mpi_end() }
  }
#endif
