"""`image` of the virtual camera: pictures as OpenMV's firmware 5 has them.

Names, arguments and results are the firmware's; results of finders are tuples with named fields. What is
not here raises. Codes, tags and faces are found in the camera's own pictures (and their copies and cuts),
where they are still to be seen; blobs in any picture.
"""

import json
import uctypes

import _scene
import virtual_finds
from virtual_finds import (  # noqa: F401 (scripts take them from here)
    CODABAR,
    CODE39,
    CODE93,
    CODE128,
    DATABAR,
    DATABAR_EXP,
    EAN2,
    EAN5,
    EAN8,
    EAN13,
    I25,
    ISBN10,
    ISBN13,
    PDF417,
    TAG16H5,
    TAG25H9,
    TAG36H10,
    TAG36H11,
    UPCA,
    UPCE,
)

# The firmware's numbers.
BINARY = 0x08010000
GRAYSCALE = 0x08020001
RGB565 = 0x0C030002
BAYER = 0x05040001
YUV422 = 0x14050002
JPEG = 0x06060000
PNG = 0x06070000

JPEG_SUBSAMPLING_AUTO = 0
JPEG_SUBSAMPLING_444 = 0x11
JPEG_SUBSAMPLING_422 = 0x21
JPEG_SUBSAMPLING_420 = 0x22

_FORMATS = {GRAYSCALE: ("GRAYSCALE", 1), RGB565: ("RGB565", 2)}
_SUBSAMPLINGS = {JPEG_SUBSAMPLING_444: "444", JPEG_SUBSAMPLING_422: "422", JPEG_SUBSAMPLING_420: "420"}
# The smallest face that the detector sees, in pixels.
_FACE_WINDOW = 24


def format_name(pixformat):
    return _FORMATS[pixformat][0]


def clip_roi(roi, width, height):
    """The part of (x, y, w, h) within a picture of that size."""
    x, y, w, h = roi
    if w < 1 or h < 1:
        raise ValueError("a region of interest is at least one pixel wide and high")
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + w, width), min(y + h, height)
    if left >= right or top >= bottom:
        raise ValueError("the region of interest does not overlap the image")
    return (left, top, right - left, bottom - top)


def _refuse(method, options):
    for name in options:
        raise NotImplementedError("%s() of the virtual camera has no %s" % (method, name))


def _luminance(red, green, blue):
    return (red * 38 + green * 75 + blue * 15) >> 7


class HaarCascade:
    """Only the one for frontal faces; by its name, or by the path that newer cameras keep it at."""

    def __init__(self, path, stages=-1):
        if "frontalface" not in path:
            raise NotImplementedError("the virtual camera has the frontalface cascade only")


class Image:
    def __init__(self, arg, height=-1, pixformat=-1, *, buffer=None, copy_to_fb=False):
        if not isinstance(arg, int):
            raise NotImplementedError("the virtual camera makes images by width, height and pixformat")
        if copy_to_fb:
            _refuse("Image", ["copy_to_fb"])
        if arg < 1 or height < 1:
            raise ValueError("an image is at least one pixel wide and high")
        self._width = arg
        self._height = height
        self._format = pixformat
        if pixformat == JPEG:
            if buffer is None:
                raise ValueError("a compressed image needs its buffer")
            self._size = len(buffer)
        elif pixformat in _FORMATS:
            self._size = arg * height * _FORMATS[pixformat][1]
            if buffer is None:
                buffer = bytearray(self._size)
            if len(buffer) < self._size:
                raise ValueError("the buffer is too small")
        else:
            raise ValueError("the virtual camera's images are GRAYSCALE, RGB565 or JPEG")
        self._data = buffer
        # Set by the camera: when the picture was taken, and where in its frame.
        self.taken = None

    def __getattr__(self, name):
        raise AttributeError("the virtual camera has no Image." + name)

    def __len__(self):
        return self._size if self._format == JPEG else self._height

    def __repr__(self):
        name = "jpeg" if self._format == JPEG else format_name(self._format).lower()
        return '{"w":%d, "h":%d, "type":"%s", "size":%d}' % (self._width, self._height, name, self._size)

    def width(self):
        return self._width

    def height(self):
        return self._height

    def format(self):
        return self._format

    def size(self):
        return self._size

    def bytearray(self):
        """The image's own memory, not a copy: the next picture overwrites a camera's picture."""
        return uctypes.bytearray_at(uctypes.addressof(self._data), self._size)

    def assign(self, other):
        """Becomes what `other` is, sharing its memory."""
        self._width, self._height = other._width, other._height
        self._format, self._size = other._format, other._size
        self._data, self.taken = other._data, other.taken
        return self

    def _ask(self, function, **fields):
        """Calls the scene over this image's pixels."""
        if self._format == JPEG:
            raise ValueError("the image is compressed")
        fields["format"] = format_name(self._format)
        fields["width"] = self._width
        fields["height"] = self._height
        return function(uctypes.addressof(self._data), self._size, json.dumps(fields))

    def _roi(self, roi):
        return clip_roi(roi or (0, 0, self._width, self._height), self._width, self._height)

    # Conversions

    def to_jpeg(self, *, quality=90, subsampling=JPEG_SUBSAMPLING_AUTO, copy=False, **options):
        """Compresses in place, as the firmware does; with `copy` into an image of its own."""
        _refuse("to_jpeg", options)
        if not 1 <= quality <= 100:
            raise ValueError("quality is 1 to 100")
        if self._format == JPEG:
            return self.copy() if copy else self
        if subsampling == JPEG_SUBSAMPLING_AUTO:
            subsampling = JPEG_SUBSAMPLING_422 if quality >= 60 else JPEG_SUBSAMPLING_420
        mode = _SUBSAMPLINGS.get(subsampling)
        if mode is None:
            raise ValueError("no such subsampling")
        size = self._ask(_scene.encode_jpeg, quality=quality, subsampling=mode)
        data = bytearray(size) if copy or size > len(self._data) else self._data
        _scene.read_jpeg(uctypes.addressof(data), size, "")
        # Some of the memory may be left over; `size` says how much is the file.
        packed = Image(self._width, self._height, JPEG, buffer=data)
        packed._size = size
        return packed if copy else self.assign(packed)

    compress = to_jpeg

    def copy(self, *, roi=None, **options):
        _refuse("copy", options)
        other = Image(self._width, self._height, self._format, buffer=bytearray(self.bytearray()))
        other.taken = self.taken
        return other if roi is None else other.crop(roi=roi)

    def crop(self, *, roi=None, **options):
        _refuse("crop", options)
        if self._format == JPEG:
            raise ValueError("the image is compressed")
        x, y, width, height = self._roi(roi)
        pixel = _FORMATS[self._format][1]
        data = memoryview(self._data)
        # Rows move towards the beginning of the same memory.
        for row in range(height):
            start = ((y + row) * self._width + x) * pixel
            data[row * width * pixel : (row + 1) * width * pixel] = data[start : start + width * pixel]
        if self.taken is not None:
            left, top = self.taken["origin"]
            self.taken = dict(self.taken, origin=(left + x, top + y))
        self._width, self._height, self._size = width, height, width * height * pixel
        return self

    def gamma(self, *, gamma=1.0, contrast=1.0, brightness=0.0):
        if gamma <= 0:
            raise ValueError("gamma is above 0")
        self._ask(_scene.adjust_tone, gamma=gamma, contrast=contrast, brightness=brightness)
        return self

    gamma_corr = gamma

    # Pixels and marks

    def _value(self, color):
        """A colour in the image's format: white, its own number, or one made of (r, g, b)."""
        is_grey = self._format == GRAYSCALE
        if color is None:
            return 255 if is_grey else 0xFFFF
        if isinstance(color, int):
            return color & (0xFF if is_grey else 0xFFFF)
        red, green, blue = color
        if is_grey:
            return _luminance(red, green, blue)
        return (red & 0xF8) << 8 | (green & 0xFC) << 3 | blue >> 3

    def _holds(self, x, y):
        if self._format == JPEG:
            raise ValueError("the image is compressed")
        return 0 <= x < self._width and 0 <= y < self._height

    def get_pixel(self, place, *, rgbtuple=None):
        x, y = place
        if not self._holds(x, y):
            return None
        at = y * self._width + x
        if self._format == GRAYSCALE:
            level = self._data[at]
            return (level, level, level) if rgbtuple else level
        value = self._data[at * 2] | self._data[at * 2 + 1] << 8
        if rgbtuple is False:
            return value
        red, green, blue = value >> 11, value >> 5 & 0x3F, value & 0x1F
        return (red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2)

    def set_pixel(self, place, color=None):
        x, y = place
        if self._holds(x, y):
            self._ask(_scene.mark_area, area=(x, y, 1, 1), value=self._value(color))
        return self

    def clear(self):
        if self._format == JPEG:
            raise ValueError("the image is compressed")
        area = (0, 0, self._width, self._height)
        self._ask(_scene.mark_area, area=area, value=0)
        return self

    def draw_line(self, line, color=None, thickness=1):
        if thickness > 0:
            value = self._value(color)
            self._ask(_scene.mark_line, line=tuple(line[:4]), value=value, thickness=thickness)
        return self

    def draw_rectangle(self, rect, color=None, thickness=1, fill=False):
        x, y, w, h = rect[:4]
        if fill:
            self._ask(_scene.mark_area, area=(x, y, w, h), value=self._value(color))
            return self
        right, bottom = x + w - 1, y + h - 1
        for line in ((x, y, right, y), (x, bottom, right, bottom), (x, y, x, bottom), (right, y, right, bottom)):
            self.draw_line(line, color, thickness)
        return self

    def draw_cross(self, place, color=None, size=5, thickness=1):
        x, y = place[:2]
        self.draw_line((x - size, y, x + size, y), color, thickness)
        return self.draw_line((x, y - size, x, y + size), color, thickness)

    # Finders

    def _find(self, function, roi, **fields):
        if self.taken is None:
            raise NotImplementedError("the virtual camera finds codes and faces in its own pictures only")
        fields.update(self.taken)
        return json.loads(self._ask(function, roi=self._roi(roi), **fields))

    def find_qrcodes(self, *, roi=None):
        return [virtual_finds.qrcode_of(found) for found in self._find(_scene.find_qrcodes, roi)]

    def find_apriltags(self, *, roi=None, families=TAG36H11, fx=None, fy=None, cx=None, cy=None):
        if not families & TAG36H11:
            return []
        # A lens of 2.8 mm over a sensor of 3.984 by 2.952 mm, unless the caller knows better.
        lens = (
            2.8 / 3.984 * self._width if fx is None else fx,
            2.8 / 2.952 * self._height if fy is None else fy,
            self._width * 0.5 if cx is None else cx,
            self._height * 0.5 if cy is None else cy,
        )
        return [virtual_finds.apriltag_of(found) for found in self._find(_scene.find_apriltags, roi, lens=lens)]

    def find_datamatrices(self, *, roi=None, effort=200):
        return [virtual_finds.datamatrix_of(found) for found in self._find(_scene.find_datamatrices, roi)]

    def find_barcodes(self, *, roi=None):
        return [virtual_finds.barcode_of(found) for found in self._find(_scene.find_barcodes, roi)]

    def find_features(self, cascade, *, threshold=0.5, scale=1.5, roi=None):
        if not isinstance(cascade, HaarCascade):
            raise TypeError("find_features() wants a HaarCascade")
        area = self._roi(roi)
        if min(area[2:]) <= _FACE_WINDOW:
            raise ValueError("the region of interest is smaller than the detector's window")
        return [tuple(rect) for rect in self._find(_scene.find_faces, roi)]

    def find_blobs(
        self,
        thresholds,
        *,
        invert=False,
        roi=None,
        x_stride=2,
        y_stride=1,
        area_threshold=10,
        pixels_threshold=10,
        merge=False,
        margin=0,
        **options
    ):
        _refuse("find_blobs", options)
        if x_stride < 1 or y_stride < 1:
            raise ValueError("strides are at least 1")
        found = self._ask(
            _scene.find_blobs,
            thresholds=thresholds,
            invert=bool(invert),
            roi=self._roi(roi),
            strides=(x_stride, y_stride),
            area_threshold=area_threshold,
            pixels_threshold=pixels_threshold,
            merge=bool(merge),
            margin=margin,
        )
        return [virtual_finds.blob_of(each) for each in json.loads(found)]
