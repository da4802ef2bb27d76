# What OpenMV's published example scripts for a remote camera offer, on top of the generated camera_rpc.py.
# Runs on an OpenMV camera with firmware 5, and on the virtual camera: rpcgen simulate device/camera_main.py
import csi
import image
import math
import rpc

import camera_rpc
from camera_rpc import Point, Rect

csi0 = csi.CSI()
csi0.reset()
csi0.pixformat(csi.RGB565)
csi0.framesize(csi.QVGA)

faces = image.HaarCascade("/rom/haarcascade_frontalface.cascade")


def largest(found):
    """The one with the largest rectangle, or None."""
    return max(found, key=lambda each: each.w * each.h) if found else None


def largest_text(found):
    code = largest(found)
    return code.payload if code else ""


def known_of(found, *names):
    """A list of dictionaries for JSON, or None where nothing was found."""
    return [{name: getattr(each, name) for name in ("rect", "corners") + names} for each in found] or None


class Camera(camera_rpc.Camera):
    def __init__(self):
        self.picture = None

    def face_detection(self):
        rects = csi0.snapshot().find_features(faces, threshold=0.5, scale=1.25)
        return Rect(*max(rects, key=lambda rect: rect[2] * rect[3])) if rects else None

    def qrcode_detection(self):
        return largest_text(csi0.snapshot().find_qrcodes())

    def all_qrcode_detection(self):
        return known_of(csi0.snapshot().find_qrcodes(), "payload", "version", "ecc_level", "mask")

    def apriltag_detection(self):
        tag = largest(csi0.snapshot().find_apriltags())
        return (tag.cx, tag.cy, tag.id, round(math.degrees(tag.rotation)) % 360) if tag else None

    def all_apriltag_detection(self):
        return known_of(csi0.snapshot().find_apriltags(), "cx", "cy", "id", "name", "rotation", "hamming")

    def datamatrix_detection(self):
        return largest_text(csi0.snapshot().find_datamatrices())

    def all_datamatrix_detection(self):
        return known_of(csi0.snapshot().find_datamatrices(), "payload", "rotation", "rows", "columns")

    def barcode_detection(self):
        return largest_text(csi0.snapshot().find_barcodes())

    def all_barcode_detection(self):
        return known_of(csi0.snapshot().find_barcodes(), "payload", "type", "rotation", "quality")

    def color_detection(self, threshold):
        blobs = csi0.snapshot().find_blobs([tuple(threshold)], pixels_threshold=40, area_threshold=40, merge=True)
        blob = max(blobs, key=lambda each: each.pixels) if blobs else None
        return Point(blob.cx, blob.cy) if blob else None

    def jpeg_snapshot(self):
        return csi0.snapshot().to_jpeg(quality=90, copy=True).bytearray()

    def raw_image_snapshot(self, pixformat, framesize):
        csi0.pixformat(pixformat)
        csi0.framesize(framesize)
        self.picture = csi0.snapshot()
        return self.picture.width(), self.picture.height(), self.picture.format(), self.picture.size()

    def raw_image_read(self, offset, size):
        return memoryview(self.picture.bytearray())[offset : offset + size]

    def raw_image_read_all(self):
        return self.picture.bytearray()

    def jpeg_image_stream(self, modes):
        # "RGB565,QVGA"; the published examples say "sensor.RGB565,sensor.QVGA".
        pixformat, framesize = [getattr(csi, mode.split(".")[-1].strip()) for mode in modes.split(",")]
        csi0.pixformat(pixformat)
        csi0.framesize(framesize)
        while True:
            yield csi0.snapshot().to_jpeg(quality=90).bytearray()


camera_rpc.serve(rpc.rpc_uart_slave(baudrate=115200), Camera())
