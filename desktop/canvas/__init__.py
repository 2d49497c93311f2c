"""The map on screen: pictures painted by workers, moved and composed in the window's thread."""
