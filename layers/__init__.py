"""What to draw, as numbers and colours: layers, styles, scenes. No Qt."""
