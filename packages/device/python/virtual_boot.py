"""Runs before the script on the virtual camera and makes MicroPython behave as on a board there:
sleeping gives the processor away, the clock is steady and counts microseconds, and garbage is really collected.
"""

import os
import sys
import time

import _board
import virtual_gc
import virtual_select

# A file in the person's folder comes before the library's, and that before what is built in.
sys.path[:] = ["", "/lib", ".frozen"]

time.sleep_ms = _board.sleep_ms
time.sleep = lambda seconds: _board.sleep_ms(seconds * 1000)
time.sleep_us = lambda microseconds: _board.sleep_ms(microseconds / 1000)
time.ticks_ms = _board.ticks_ms
time.ticks_us = _board.ticks_us

sys.modules["utime"] = time
sys.modules["gc"] = virtual_gc
sys.modules["select"] = virtual_select

os.chdir("/flash")
