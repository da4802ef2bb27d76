"""The `gc` module of the virtual camera: the built-in one, whose collect() would only take note there."""

from gc import *

from _board import collect
