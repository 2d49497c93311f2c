"""What is to be seen on the map: a picture that was timed must also be there."""

import numpy as np

from desktop.canvas.canvas import MapCanvas
from layers.layer import Layer


def seen_of(layer: Layer, canvas: MapCanvas) -> int:
    """The painted pixels of a layer's picture, or how many live symbols it has; 0 where nothing is there."""
    renderer = canvas.renderer
    if layer.id in renderer.badges:
        return len(renderer.badges[layer.id].rows)
    picture = renderer.pictures.get(layer.id)
    if picture is None or picture.image is None:
        return 0
    return int(np.count_nonzero(np.frombuffer(picture.image.constBits(), np.uint32)))
