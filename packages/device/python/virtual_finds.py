"""What the finders of `image` return: tuples with the firmware's fields, made of what the scene tells."""

import math
from collections import namedtuple

TAG16H5 = 1
TAG25H9 = 4
TAG36H10 = 8
TAG36H11 = 16

EAN2 = 0
EAN5 = 1
EAN8 = 2
UPCE = 3
ISBN10 = 4
UPCA = 5
EAN13 = 6
ISBN13 = 7
I25 = 8
DATABAR = 9
DATABAR_EXP = 10
CODABAR = 11
CODE39 = 12
PDF417 = 13
CODE93 = 14
CODE128 = 15

_BARCODE_TYPES = {"EAN13": EAN13, "CODE128": CODE128}

qrcode = namedtuple(
    "qrcode",
    "x y w h payload version ecc_level mask data_type eci corners"
    " is_numeric is_alphanumeric is_binary is_kanji rect".split(),
)
apriltag = namedtuple(
    "apriltag",
    "x y w h cx cy id family name cxf cyf rotation decision_margin hamming goodness"
    " x_translation y_translation z_translation x_rotation y_rotation z_rotation corners area rect".split(),
)
datamatrix = namedtuple(
    "datamatrix", "x y w h payload rotation rows columns capacity padding corners rect".split()
)
barcode = namedtuple("barcode", "x y w h payload type rotation quality corners rect".split())
blob = namedtuple(
    "blob",
    "x y w h cx cy pixels rotation code count perimeter roundness x_hist_bins y_hist_bins corners"
    " min_corners cxf cyf elongation area density compactness rect contour".split(),
)


def _points(pairs):
    return tuple([tuple(pair) for pair in pairs])


def qrcode_of(found):
    kind = found["data_type"]
    return qrcode(
        *found["rect"],
        found["payload"],
        found["version"],
        found["ecc_level"],
        found["mask"],
        kind,
        0,
        _points(found["corners"]),
        kind == 1,
        kind == 2,
        kind == 4,
        kind == 8,
        tuple(found["rect"])
    )


def apriltag_of(found):
    rect = tuple(found["rect"])
    cx, cy = found["center"]
    turn = found["rotation"]
    return apriltag(
        *rect,
        round(cx),
        round(cy),
        found["id"],
        TAG36H11,
        "TAG36H11",
        float(cx),
        float(cy),
        float(turn[2]),
        found["margin"] / 255,
        found["hamming"],
        0.0,
        *[float(value) for value in found["translation"]],
        *[float(value) for value in turn],
        _points(found["corners"]),
        rect[2] * rect[3],
        rect
    )


def datamatrix_of(found):
    return datamatrix(
        *found["rect"],
        found["payload"],
        float(found["rotation"]),
        found["rows"],
        found["columns"],
        found["capacity"],
        found["padding"],
        _points(found["corners"]),
        tuple(found["rect"])
    )


def barcode_of(found):
    return barcode(
        *found["rect"],
        found["payload"],
        _BARCODE_TYPES[found["type"]],
        float(found["rotation"]),
        found["lines_read"],
        _points(found["corners"]),
        tuple(found["rect"])
    )


def blob_of(found):
    rect = tuple(found["rect"])
    cx, cy = found["center"]
    pixels, perimeter, roundness = found["pixels"], found["perimeter"], float(found["roundness"])
    area = rect[2] * rect[3]
    return blob(
        *rect,
        round(cx),
        round(cy),
        pixels,
        float(found["rotation"]),
        found["code"],
        found["count"],
        perimeter,
        roundness,
        [],
        [],
        _points(found["corners"]),
        _points(found["min_corners"]),
        float(cx),
        float(cy),
        1.0 - roundness,
        area,
        pixels / area,
        4 * math.pi * pixels / (perimeter * perimeter),
        rect,
        None,
    )
