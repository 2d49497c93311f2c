"""Muara Seruni: a coastal city that does not exist, and the night its river rose."""

from gis.training.sample.folder import SampleCity
from gis.training.sample.making import SEED, build

__all__ = ["SEED", "SampleCity", "build"]
