"""The `pyb` module of the virtual camera: what plain `machine` lacks, a slave on SPI, and the pins for it."""

from machine import Pin  # noqa: F401 (of this module)
from virtual_buses import PybSPI as SPI  # noqa: F401 (of this module)
