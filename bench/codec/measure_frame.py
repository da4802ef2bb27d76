# Run in MicroPython by micropython.bench.mjs: the contenders, the frames, and how they are measured.
import gc

import by_hand
import frame_rpc

GENERATED = frame_rpc._answer_of_Detector_latest


def into_buffer(frame):
    by_name = type(frame) is not tuple
    return by_hand.into_buffer_by_name(frame) if by_name else by_hand.into_buffer(frame)


CONTENDERS = {
    "generated": GENERATED,
    "struct.pack_into, by hand": into_buffer,
    "struct.pack, by hand": by_hand.in_parts,
}


def plain(*values):
    return values


def frame_of(frame, blob):
    blobs = [blob(10 * i, 7 * i, 20 + i, 30 + i, i / 8 - 0.5, 1 - i / 16) for i in range(10)]
    return frame(1763800000000000, blobs, "conveyor 3, lane 2", bytes(range(64)))


FRAMES = {"tuples": frame_of(plain, plain), "named tuples": frame_of(frame_rpc.Frame, frame_rpc.Blob)}

for frame in FRAMES.values():
    packed = [bytes(encode(frame)) for encode in CONTENDERS.values()]
    if packed.count(packed[0]) != len(packed):
        raise ValueError("contenders disagree")


def repeat(encode, frame, count):
    for _ in range(count):
        encode(frame)


def heap(encode, frame):
    # Bytes that a call takes from the heap, its result included.
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(20):
        encode(frame)
    taken = gc.mem_alloc() - before
    gc.enable()
    return taken // 20
