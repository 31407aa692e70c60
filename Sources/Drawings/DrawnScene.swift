/// A pair in the making: the thing, what lies behind it, and what is said of it.
struct DrawnScene {
  var thing: CutOut
  var ground: Ground
  var picture: Picture
  var look: DrawnLook
  var caption: DrawnCaption
}
