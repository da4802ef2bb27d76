# What a person writes who knows this one frame and trusts every value in it.
from struct import pack, pack_into


def into_buffer(frame):
    time_us, blobs, label, thumbnail = frame
    text = label.encode()
    b = bytearray(11 + 16 * len(blobs) + len(text) + len(thumbnail))
    pack_into("<QB", b, 0, time_us, len(blobs))
    at = 9
    for x, y, w, h, angle, score in blobs:
        pack_into("<4H2f", b, at, x, y, w, h, angle, score)
        at += 16
    n = len(text)
    b[at] = n
    at += 1
    b[at : at + n] = text
    at += n
    b[at] = len(thumbnail)
    b[at + 1 :] = thumbnail
    return b


def into_buffer_by_name(frame):
    # Of named tuples this is several times quicker than to unpack them.
    blobs = frame.blobs
    text = frame.label.encode()
    b = bytearray(11 + 16 * len(blobs) + len(text) + len(frame.thumbnail))
    pack_into("<QB", b, 0, frame.time_us, len(blobs))
    at = 9
    for v in blobs:
        pack_into("<4H2f", b, at, v.x, v.y, v.w, v.h, v.angle, v.score)
        at += 16
    n = len(text)
    b[at] = n
    at += 1
    b[at : at + n] = text
    at += n
    b[at] = len(frame.thumbnail)
    b[at + 1 :] = frame.thumbnail
    return b


def in_parts(frame):
    time_us, blobs, label, thumbnail = frame
    text = label.encode()
    parts = [pack("<QB", time_us, len(blobs))]
    for blob in blobs:
        parts.append(pack("<4H2f", *blob))
    parts += (pack("<B", len(text)), text, pack("<B", len(thumbnail)), thumbnail)
    return b"".join(parts)
