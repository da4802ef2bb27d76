"""The `gc` module of the virtual camera: the built-in one, whose collect() would only take note there."""

from gc import *  # noqa: F403 (the built-in module, whole)

from _board import collect  # noqa: F401 (takes the place of its collect)
