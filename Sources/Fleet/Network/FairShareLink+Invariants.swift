extension FairShareLink {
  /// Whether its parts are consistent and all groups are on the right side of the level. O(n).
  var isConsistent: Bool {
    let present = groups.indices.filter { !groups[$0].flows.isEmpty }
    let capped = present.filter { !groups[$0].isShared }
    let shared = present.filter { groups[$0].isShared }
    return isBalanced && count == present.reduce(0) { $0 + groups[$1].flows.count }
      && slotOfCap.count == present.count
      && present.allSatisfy { slotOfCap[groups[$0].cap.key] == $0 && flowsAreConsistent(of: $0) }
      && freeRate >= 0
      && freeRate == capacity.bitsPerSecond
        - capped.reduce(0) { $0 + groups[$1].cap.rate * groups[$1].flows.count }
      && sharedWeight == shared.reduce(0) { $0 + groups[$1].cap.weight * groups[$1].flows.count }
      && [cappedByCap.count, cappedByEnd.count].allSatisfy { $0 == capped.count }
      && [sharedByCap.count, sharedByEnd.count].allSatisfy { $0 == shared.count }
      && capped.allSatisfy {
        cappedByCap[$0] == Descending(groups[$0].cap) && cappedByEnd[$0] == groups[$0].end
      }
      && shared.allSatisfy {
        sharedByCap[$0] == groups[$0].cap && sharedByEnd[$0] == groups[$0].end
      }
  }

  private func flowsAreConsistent(of group: Int) -> Bool {
    let flows = groups[group].flows
    return flows.isHeap
      && flows.enumerated().allSatisfy { index, flow in
        let location = locations[Int(flow.slot)]
        return slotOfFlow[flow.number] == Int(flow.slot)
          && (Int(location.group), Int(location.index)) == (group, index)
      }
  }
}
