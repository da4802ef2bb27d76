"""`csi` of the virtual camera: the sensor interface of OpenMV's firmware 5, in front of a drawn scene.

What scripts set here means what it means on a camera. What the virtual sensor can't do raises; only what
is about exposure (gain, white balance, contrast and the like) is taken and changes nothing: its light is
always right.
"""

import json
import time as clock
import uctypes

import _scene
import image
from image import GRAYSCALE, JPEG, RGB565  # noqa: F401 (scripts take them from here)

# Numbers of the frame sizes, as the firmware has them, with width and height.
_SIZES = {}


def _size(number, width, height):
    _SIZES[number] = (width, height)
    return number


QQCIF = _size(1, 88, 72)
QCIF = _size(2, 176, 144)
CIF = _size(3, 352, 288)
QQSIF = _size(4, 88, 60)
QSIF = _size(5, 176, 120)
SIF = _size(6, 352, 240)
QQQQVGA = _size(7, 40, 30)
QQQVGA = _size(8, 80, 60)
QQVGA = _size(9, 160, 120)
QVGA = _size(10, 320, 240)
VGA = _size(11, 640, 480)
HQQQQVGA = _size(12, 30, 20)
HQQQVGA = _size(13, 60, 40)
HQQVGA = _size(14, 120, 80)
HQVGA = _size(15, 240, 160)
HVGA = _size(16, 480, 320)
LCD = _size(23, 128, 160)
QQVGA2 = _size(24, 128, 160)
WVGA = _size(25, 720, 480)
WVGA2 = _size(26, 752, 480)
SVGA = _size(27, 800, 600)
XGA = _size(28, 1024, 768)
WXGA = _size(29, 1280, 768)
SXGA = _size(30, 1280, 1024)
SXGAM = _size(31, 1280, 960)
UXGA = _size(32, 1600, 1200)
HD = _size(33, 1280, 720)

NORMAL = 0
NEGATIVE = 1

# The chip number that a camera without a sensor chip gives.
SOFTCSI = 0x01

_FASTEST_HZ = 60
_GAIN_CEILINGS = (2, 4, 8, 16, 32, 64, 128)


def devices():
    """Numbers of the sensors that are there."""
    return [SOFTCSI]


def _refuse(what):
    raise NotImplementedError("the virtual camera has no " + what)


class CSI:
    def __init__(self, cid=-1, delays=True, fflush=True, stream=None):
        if cid not in (-1, SOFTCSI):
            raise RuntimeError("the virtual camera has one sensor: leave cid out")
        # One buffer for all pictures: it grows to the largest and stays.
        self._buffer = bytearray(0)
        self._restore()

    def _restore(self):
        self._pixformat = None
        self._framesize = None
        self._frame = (0, 0)
        self._window = (0, 0, 0, 0)
        self._rate_hz = _FASTEST_HZ
        self._framebuffers = 1
        self._exposure_us = 10000
        self._gain_db = 0.0
        self._rgb_gain_db = (0.0, 0.0, 0.0)
        self._frame_at_ms = clock.ticks_ms()

    def __getattr__(self, name):
        raise AttributeError("the virtual camera has no CSI." + name)

    # The sensor

    def reset(self, hard=True):
        self._restore()

    def shutdown(self, enable):
        self._restore()

    def sleep(self, enable):
        pass

    def flush(self):
        pass

    def cid(self):
        return SOFTCSI

    def width(self):
        return self._need_size()[0]

    def height(self):
        return self._need_size()[1]

    def _need_size(self):
        if self._framesize is None:
            raise RuntimeError("the frame size is not set: call framesize() first")
        return self._frame

    def pixformat(self, pixformat=None):
        if pixformat is None:
            if self._pixformat is None:
                raise RuntimeError("the pixel format is not set: call pixformat() first")
            return self._pixformat
        if pixformat not in (RGB565, GRAYSCALE):
            raise RuntimeError("the virtual camera's pixel formats are csi.RGB565 and csi.GRAYSCALE")
        self._pixformat = pixformat

    def framesize(self, framesize=None):
        if framesize is None:
            self._need_size()
            return self._framesize
        frame = _SIZES.get(framesize) if isinstance(framesize, int) else tuple(framesize)
        if frame is None or len(frame) != 2 or min(frame) < 1:
            raise RuntimeError("the virtual camera has no such frame size")
        self._framesize = framesize
        self._frame = frame
        self._window = (0, 0, frame[0], frame[1])

    def window(self, roi=None):
        frame_width, frame_height = self._need_size()
        if roi is None:
            return self._window
        if len(roi) == 2:
            roi = ((frame_width - roi[0]) // 2, (frame_height - roi[1]) // 2, roi[0], roi[1])
        self._window = image.clip_roi(roi, frame_width, frame_height)

    # Pictures

    def snapshot(self, time=-1, frames=-1, blocking=True, image=None):
        """A picture; None after `time` milliseconds or `frames` pictures were to be skipped."""
        if time >= 0 or frames >= 0:
            self._skip(time, frames)
            return None
        wait_ms = self._wait_ms()
        if wait_ms > 0:
            if not blocking:
                return None
            clock.sleep_ms(wait_ms)
        self._frame_at_ms = clock.ticks_ms()
        return self._take(image)

    def readable(self):
        return self._wait_ms() <= 0

    def _wait_ms(self):
        passed = clock.ticks_diff(clock.ticks_ms(), self._frame_at_ms)
        return 1000 // self._rate_hz - passed

    def _skip(self, time, frames):
        period = 1000 // self._rate_hz
        skip_ms = frames * period if frames >= 0 else time
        if time >= 0:
            skip_ms = min(skip_ms, time)
        clock.sleep_ms(skip_ms)

    def _take(self, into):
        pixformat = self.pixformat()
        x, y, width, height = self._window
        frame = self._need_size()
        size = width * height * (2 if pixformat == RGB565 else 1)
        if len(self._buffer) < size:
            # Let go of the old one first: both need not fit.
            self._buffer = None
            self._buffer = bytearray(size)
        request = {
            "format": image.format_name(pixformat),
            "width": width,
            "height": height,
            "frame": frame,
            "origin": (x, y),
        }
        time_ms = _scene.snapshot(uctypes.addressof(self._buffer), size, json.dumps(request))
        picture = image.Image(width, height, pixformat, buffer=self._buffer)
        picture.taken = {"time_ms": time_ms, "frame": frame, "origin": (x, y)}
        if into is None:
            return picture
        into.assign(picture.copy())
        return into

    def framerate(self, rate=None):
        if rate is None:
            return self._rate_hz
        if rate < 1:
            raise RuntimeError("the frame rate is at least 1 Hz")
        self._rate_hz = min(rate, _FASTEST_HZ)

    def framebuffers(self, count=None):
        if count is None:
            return self._framebuffers
        self._framebuffers = count

    # Settings that are about exposure: taken, without effect

    def gainceiling(self, gainceiling):
        return gainceiling in _GAIN_CEILINGS

    def brightness(self, brightness):
        return True

    def contrast(self, contrast):
        return True

    def saturation(self, saturation):
        return True

    def auto_gain(self, enable, gain_db=None, gain_db_ceiling=None):
        if not enable and gain_db is not None:
            self._gain_db = float(gain_db)

    def gain_db(self):
        return self._gain_db

    def auto_exposure(self, enable, exposure_us=-1):
        if not enable and exposure_us >= 0:
            self._exposure_us = exposure_us

    def exposure_us(self):
        return self._exposure_us

    def auto_whitebal(self, enable, rgb_gain_db=None):
        if not enable and rgb_gain_db is not None:
            self._rgb_gain_db = tuple(rgb_gain_db)

    def rgb_gain_db(self):
        return self._rgb_gain_db

    def auto_blc(self, enable, regs=None):
        pass

    def blc_regs(self):
        return []

    # What only works switched off

    def hmirror(self, enable=None):
        return self._off(enable, "horizontal mirror")

    def vflip(self, enable=None):
        return self._off(enable, "vertical flip")

    def transpose(self, enable=None):
        return self._off(enable, "transposing")

    def auto_rotation(self, enable=None):
        return self._off(enable, "motion sensor for auto_rotation")

    def _off(self, enable, what):
        if enable:
            _refuse(what)
        return False if enable is None else None

    def colorbar(self, enable):
        return not enable

    def special_effect(self, effect):
        return effect == NORMAL

    def lens_correction(self, enable, radi, coef):
        return not enable

    def quality(self, quality):
        # For sensors that compress by themselves; this one doesn't.
        return False

    def ioctl(self, request, *args):
        _refuse("ioctl %s" % request)

    def vsync_callback(self, cb=None):
        return self._no_callback(cb)

    def frame_callback(self, cb=None):
        return self._no_callback(cb)

    def _no_callback(self, cb):
        if cb is not None:
            _refuse("interrupts")
