import Tensors

/// Learned tokens among those of every image, bound to the values of one pass (VPT, arXiv
/// 2203.12119).
///
/// The tokens of an image are [class | prompts | patches]. The prompts enter the first block without
/// position embeddings and after the layer normalization before it. Before a later block that has
/// prompts of its own, those replace the outputs of the earlier ones.
package struct VisionPrompts {
  /// The prompts of the first blocks, one [count, width] per block: only the first block's if
  /// shallow, every block's if deep.
  package let blocks: [Parameter]
  /// The number of prompts per image.
  package let count: Int

  package init(blocks: [Parameter], count: Int) {
    self.blocks = blocks
    self.count = count
  }

  var isTrained: Bool { blocks.contains(where: \.isTrained) }

  /// Inserts the first block's prompts after the class token of every image.
  ///
  /// - Parameter x: [images * tokens, width]; recycled.
  /// - Returns: [images * (tokens + count), width].
  func inserting(into x: Matrix, images: Int, _ context: ComputeContext) -> Matrix {
    let width = x.columns
    let tokens = x.rows / images
    let y = context.matrix(images * (tokens + count), width)
    context.countKernel(numbers: x.count + y.count)
    if context.computes {
      for image in 0..<images {
        let source = x.base + image * tokens * width
        let target = y.base + image * (tokens + count) * width
        target.update(from: source, count: width)
        (target + width).update(from: blocks[0].value, count: count * width)
        (target + (1 + count) * width)
          .update(from: source + width, count: (tokens - 1) * width)
      }
    }
    x.recycle()
    return y
  }

  /// Whether a block other than the first has prompts of its own.
  func replaces(before block: Int) -> Bool { block > 0 && block < blocks.count }

  /// Replaces the outputs for earlier prompts with the block's own.
  ///
  /// - Parameter x: [images * tokens, width], with prompts.
  func replace(in x: Matrix, before block: Int, images: Int, _ context: ComputeContext) {
    let width = x.columns
    context.countKernel(numbers: 2 * images * count * width)
    guard context.computes else { return }
    forEachImage(x, images) { target in
      target.update(from: blocks[block].value, count: count * width)
    }
  }

  /// Adds the gradient of a block's prompts, and clears it in the gradient of the block's input:
  /// what was replaced has none.
  ///
  /// - Parameter gradient: [images * tokens, width], with prompts.
  func takeGradient(
    _ gradient: Matrix, ofBlock block: Int, images: Int, _ context: ComputeContext
  ) {
    let width = gradient.columns
    context.countKernel(numbers: 3 * images * count * width)
    guard context.computes else { return }
    forEachImage(gradient, images) { source in
      if let target = blocks[block].gradient {
        for element in 0..<(count * width) { target[element] += source[element] }
      }
      source.update(repeating: 0, count: count * width)
    }
  }

  /// The rows that are not prompts, in order.
  func otherRows(of rows: Int, images: Int) -> [Int32] {
    let tokens = rows / images
    return (0..<Int32(rows)).filter { row in
      let token = Int(row) % tokens
      return token == 0 || token > count
    }
  }

  private func forEachImage(
    _ x: Matrix, _ images: Int, _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let stride = x.count / images
    for image in 0..<images { body(x.base + image * stride + x.columns) }
  }
}
