/// The intermediate state of a pair: the thing, its background, and its caption.
struct DrawnScene {
  var thing: CutOut
  var ground: Ground
  var picture: Picture
  var look: DrawnLook
  var caption: DrawnCaption
}
