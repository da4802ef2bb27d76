"""Runs before the script on the virtual camera and makes MicroPython behave as on a board there:
sleeping gives the processor away, the clock is steady and counts microseconds, and garbage is really collected.
"""

import os
import sys
import time

import _board
import virtual_buses
import virtual_gc
import virtual_select

# A file in the person's folder comes before the library's, and that before what is built in.
sys.path[:] = ["", "/lib", ".frozen"]



def _sleep_ms(ms):
    _board.sleep_ms(ms)
    virtual_buses.dispatch()


time.sleep_ms = _sleep_ms
time.sleep = lambda seconds: _sleep_ms(seconds * 1000)
time.sleep_us = lambda microseconds: _sleep_ms(microseconds / 1000)
time.ticks_ms = _board.ticks_ms
time.ticks_us = _board.ticks_us

sys.modules["utime"] = time
sys.modules["gc"] = virtual_gc
sys.modules["select"] = virtual_select
if _board.wire() == "usb":
    import virtual_usb

    virtual_usb.install()

os.chdir("/flash")
