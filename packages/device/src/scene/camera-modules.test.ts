/** `csi.py` and `image.py` in a real MicroPython, over the scene: what scripts see. */
import { readFile } from "node:fs/promises";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript";
import jpeg from "jpeg-js";
import { beforeEach, describe, expect, test } from "vitest";
import { captureMemory, createPythonMemory } from "../board/capture-memory.js";
import { createScene } from "./create-scene.js";
import { createSceneModule } from "./index.js";

const FILES = ["csi.py", "image.py", "virtual_finds.py"];
const SEED = 2;
const START = `
import sys
sys.path.append("/lib")
import json, time, csi, image
import _test
time.sleep_ms = _test.sleep_ms
time.ticks_ms = _test.ticks_ms
def show(value):
    _test.show(json.dumps(value))
def refused(call):
    try:
        call()
    except Exception as error:
        show(type(error).__name__ + ": " + str(error))
    else:
        show(None)
csi0 = csi.CSI()
csi0.reset()
csi0.pixformat(csi.RGB565)
csi0.framesize(csi.QVGA)
`;

/** Runs a script after `START` and returns what it showed; time moves only when it sleeps. */
let run: (script: string) => unknown[];
let sleeps: number[];

beforeEach(async () => {
  const { loaded: python, memory } = await captureMemory(() => loadMicroPython({ heapsize: 8 << 20 }));
  const pythonMemory = createPythonMemory(memory);
  const shown: unknown[] = [];
  let timeMs = 1_000;
  sleeps = [];
  python.registerJsModule("_scene", createSceneModule(pythonMemory, { seed: SEED, now: () => timeMs }));
  python.registerJsModule("_test", {
    show: (text: string) => shown.push(JSON.parse(text)),
    bytes: (address: number, byteLength: number) =>
      shown.push(pythonMemory.view(address, byteLength).slice()),
    ticks_ms: () => timeMs,
    sleep_ms(ms: number) {
      sleeps.push(ms);
      timeMs += ms;
    },
  });
  python.FS.mkdirTree("/lib");
  for (const name of FILES) {
    python.FS.writeFile(`/lib/${name}`, await readFile(new URL(`../../python/${name}`, import.meta.url)));
  }
  run = (script) => {
    python.runPython(START + script);
    return shown;
  };
});

describe("csi", () => {
  test("sizes, formats and the size of the bytes", () => {
    const shown = run(`
for pixformat in (csi.RGB565, csi.GRAYSCALE):
    for framesize in (csi.QQVGA, csi.QVGA, csi.HVGA, csi.VGA, (64, 48)):
        csi0.pixformat(pixformat)
        csi0.framesize(framesize)
        img = csi0.snapshot()
        show([img.width(), img.height(), img.size(), len(img.bytearray()), csi0.width(), csi0.height()])
`);
    const sizes = [
      [160, 120],
      [320, 240],
      [480, 320],
      [640, 480],
      [64, 48],
    ] as const;
    const rows = [2, 1].flatMap((pixel) => sizes.map(([w, h]) => [w, h, w * h * pixel, w * h * pixel, w, h]));
    expect(shown).toEqual(rows);
  });

  test("a picture has the scene's pixels of that time", () => {
    const [bytes] = run(`
import uctypes
time.sleep_ms(234)
data = csi0.snapshot().bytearray()
_test.bytes(uctypes.addressof(data), len(data))
`);
    const timeMs = 1_000 + sleeps.reduce((sum, ms) => sum + ms, 0);
    const { data } = createScene(SEED).draw(timeMs, 320, 240);
    const low = Uint8Array.from(
      { length: 320 * 240 },
      (_, at) => (((data[at * 3 + 1] ?? 0) << 3) & 0xe0) | ((data[at * 3 + 2] ?? 0) >> 3),
    );
    expect((bytes as Uint8Array).filter((_, at) => at % 2 === 0)).toEqual(low);
  });

  test("a window is that part of the frame; a new frame size takes it away", () => {
    const shown = run(`
csi0.framesize(csi.VGA)
csi0.window((320, 240))
show(csi0.window())
img = csi0.snapshot()
show([img.width(), img.height(), csi0.width()])
csi0.window((600, 10, 100, 100))
show(csi0.window())
csi0.framesize(csi.QVGA)
show(csi0.window())
`);
    expect(shown).toEqual([
      [160, 120, 320, 240],
      [320, 240, 640],
      [600, 10, 40, 100],
      [0, 0, 320, 240],
    ]);
  });

  test("pictures come at the frame rate; skipping takes the time it is told", () => {
    run(`
csi0.framerate(20)
for _ in range(3):
    csi0.snapshot()
csi0.snapshot(time=2000)
csi0.snapshot(frames=4)
`);
    expect(sleeps).toEqual([50, 50, 50, 2000, 200]);
  });

  test("without waiting there is a picture only when it is due", () => {
    const shown = run(`
csi0.framerate(10)
show([csi0.readable(), csi0.snapshot(blocking=False) is None])
time.sleep_ms(100)
show([csi0.readable(), csi0.snapshot(blocking=False) is None])
`);
    expect(shown).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  test("one buffer serves all pictures, unless one is asked to be filled", () => {
    const shown = run(`
first = csi0.snapshot()
kept = first.copy()
time.sleep_ms(3000)
second = csi0.snapshot()
other = image.Image(8, 8, image.RGB565)
filled = csi0.snapshot(image=other)
show([first.bytearray() == second.bytearray(), kept.bytearray() == second.bytearray()])
show([filled is other, other.width()])
`);
    expect(shown).toEqual([
      [true, false],
      [true, 320],
    ]);
  });

  test("exposure settings are taken; what the sensor lacks raises", () => {
    const shown = run(`
csi0.auto_gain(False, gain_db=3)
csi0.auto_exposure(False, exposure_us=500)
csi0.auto_whitebal(False, rgb_gain_db=(1, 2, 3))
show([csi0.gain_db(), csi0.exposure_us(), csi0.rgb_gain_db(), csi0.brightness(1), csi0.hmirror()])
csi0.hmirror(False)
refused(lambda: csi0.hmirror(True))
refused(lambda: csi0.pixformat(csi.JPEG))
refused(lambda: csi0.framesize(999))
refused(lambda: csi0.ioctl(1))
refused(lambda: csi0.color_palette())
refused(lambda: csi.CSI(cid=7))
fresh = csi.CSI()
refused(lambda: fresh.snapshot())
`);
    expect(shown).toEqual([
      [3, 500, [1, 2, 3], true, false],
      "NotImplementedError: the virtual camera has no horizontal mirror",
      "RuntimeError: the virtual camera's pixel formats are csi.RGB565 and csi.GRAYSCALE",
      "RuntimeError: the virtual camera has no such frame size",
      "NotImplementedError: the virtual camera has no ioctl 1",
      "AttributeError: the virtual camera has no CSI.color_palette",
      "RuntimeError: the virtual camera has one sensor: leave cid out",
      "RuntimeError: the pixel format is not set: call pixformat() first",
    ]);
  });
});

describe("finders", () => {
  test("codes say what the scene holds", () => {
    const shown = run(`
img = csi0.snapshot()
qr, matrix, bars = img.find_qrcodes()[0], img.find_datamatrices()[0], img.find_barcodes()[0]
show([qr.payload, matrix.payload, bars.payload])
show([qr[4], qr.rect == qr[:4], len(qr.corners), qr.version, qr.is_binary, qr.data_type])
show([matrix.rows, matrix.columns, matrix.capacity, bars.type in (image.EAN13, image.CODE128), bars.quality > 10])
`);
    const symbols = createScene(SEED)
      .objectsAt(0)
      .flatMap((object) => ("symbol" in object && "payload" in object.symbol ? [object.symbol.payload] : []));
    expect(shown).toEqual([symbols, [symbols[0], true, 4, 1, true, 4], [14, 14, 8, true, true]]);
  });

  test("tags have centre, number and turn", () => {
    const shown = run(`
for tag in csi0.snapshot().find_apriltags():
    show([tag.id, tag.cx, tag.cy, tag.rotation, tag.name, tag.family == image.TAG36H11])
show(len(csi0.snapshot().find_apriltags(families=image.TAG16H5)))
`);
    const timeMs = 1_000 + (sleeps[0] ?? 0);
    const tags = createScene(SEED)
      .objectsAt(timeMs)
      .flatMap((object) => (object.kind === "apriltag" ? [object] : []));
    const full = 2 * Math.PI;
    const expected = tags.map(({ id, pose }) => [
      ...[id, Math.round(pose.x), Math.round(pose.y)],
      expect.closeTo(((-pose.angle % full) + full) % full, 3),
      ...["TAG36H11", true],
    ]);
    expect(shown).toEqual([...expected, 0]);
  });

  test("faces are rectangles; a roi without one has none", () => {
    const [faces, elsewhere] = run(`
img = csi0.snapshot()
cascade = image.HaarCascade("frontalface")
show(img.find_features(cascade, threshold=0.5, scale=1.25))
show(img.find_features(cascade, roi=(100, 60, 120, 120)))
`);
    expect(faces).toEqual([[expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)]]);
    expect(elsewhere).toEqual([]);
  });

  test("blobs of a colour, as large as they must be", () => {
    const shown = run(`
red = (30, 100, 15, 127, 15, 127)
found = csi0.snapshot().find_blobs([red], pixels_threshold=500, area_threshold=500, merge=True, margin=20)
ball = found[0]
show([len(found), ball.cx, ball.cy, ball.count, ball.code])
show([ball.rect[2] == ball.w, 0.7 < ball.density < 0.85, ball.roundness > 0.9, ball.area == ball.w * ball.h])
show(len(csi0.snapshot().find_blobs([red], pixels_threshold=5000)))
`);
    const ball = createScene(SEED)
      .objectsAt(1_000 + (sleeps[0] ?? 0))
      .find((object) => object.kind === "ball" && object.color === "red");
    const near = (place: number | undefined) => expect.closeTo(place ?? Number.NaN, -0.7);
    expect(shown).toEqual([[1, near(ball?.pose.x), near(ball?.pose.y), 1, 1], [true, true, true, true], 0]);
  });

  test("a copy and a cut are read like the picture they come from", () => {
    const shown = run(`
img = csi0.snapshot()
whole = img.find_qrcodes()[0]
part = img.copy(roi=(100, 50, 160, 140)).find_qrcodes()[0]
show([part.x + 100 == whole.x, part.y + 50 == whole.y, part.payload == whole.payload])
img.crop(roi=(100, 50, 160, 140))
show([img.width(), img.height(), img.size(), img.find_qrcodes()[0].rect == part.rect])
img.draw_rectangle(part.rect, color=(255, 255, 255), fill=True)
show(len(img.find_qrcodes()))
`);
    expect(shown).toEqual([[true, true, true], [160, 140, 160 * 140 * 2, true], 0]);
  });

  test("options that are not there raise", () => {
    const shown = run(`
img = csi0.snapshot()
refused(lambda: img.find_blobs([(0, 100)], threshold_cb=print))
refused(lambda: img.find_qrcodes(roi=(400, 0, 10, 10)))
refused(lambda: image.HaarCascade("eye"))
refused(lambda: image.Image(8, 8, image.RGB565).find_qrcodes())
refused(lambda: img.to_jpeg(x_scale=2))
refused(lambda: img.to_jpeg(quality=101))
refused(lambda: img.find_circles())
`);
    expect(shown).toEqual([
      "NotImplementedError: find_blobs() of the virtual camera has no threshold_cb",
      "ValueError: the region of interest does not overlap the image",
      "NotImplementedError: the virtual camera has the frontalface cascade only",
      "NotImplementedError: the virtual camera finds codes and faces in its own pictures only",
      "NotImplementedError: to_jpeg() of the virtual camera has no x_scale",
      "ValueError: quality is 1 to 100",
      "AttributeError: the virtual camera has no Image.find_circles",
    ]);
  });
});

describe("pictures", () => {
  test("a JPEG is compressed in place, and a decoder reads it", () => {
    const [[same, format, size, length], file] = run(`
import uctypes
img = csi0.snapshot()
packed = img.to_jpeg(quality=80)
show([packed is img, img.format() == image.JPEG, img.size(), len(img)])
data = img.bytearray()
_test.bytes(uctypes.addressof(data), len(data))
`) as [unknown[], Uint8Array];
    expect([same, format]).toEqual([true, true]);
    expect([size, length]).toEqual([file.length, file.length]);
    const { width, height } = jpeg.decode(file, { useTArray: true });
    expect([width, height]).toEqual([320, 240]);
  });

  test("less quality, fewer bytes; a copy leaves the picture as it is", () => {
    const shown = run(`
img = csi0.snapshot()
sizes = [img.to_jpeg(quality=quality, copy=True).size() for quality in (10, 50, 90)]
show([sizes == sorted(sizes), sizes[0] < sizes[2], img.format() == image.RGB565])
show(img.compress(quality=50).size() == sizes[1])
`);
    expect(shown).toEqual([[true, true, true], true]);
  });

  test("pixels can be read and set, in colour and grey", () => {
    const shown = run(`
img = image.Image(4, 2, image.RGB565)
img.set_pixel((1, 1), (255, 0, 8))
show([img.get_pixel((1, 1)), img.get_pixel((1, 1), rgbtuple=False), img.get_pixel((9, 9))])
grey = image.Image(4, 2, image.GRAYSCALE)
grey.set_pixel((3, 0), 77)
show([grey.get_pixel((3, 0)), grey.get_pixel((3, 0), rgbtuple=True), sum(grey.bytearray())])
show(sum(grey.clear().bytearray()))
`);
    expect(shown).toEqual([[[255, 0, 8], 0xf801, null], [77, [77, 77, 77], 77], 0]);
  });

  test("lines, rectangles and crosses", () => {
    const shown = run(`
img = image.Image(5, 5, image.GRAYSCALE)
img.draw_rectangle((0, 0, 5, 5), color=1).draw_cross((2, 2), color=2, size=1)
show([list(img.bytearray()[row * 5:row * 5 + 5]) for row in range(5)])
`);
    expect(shown).toEqual([
      [
        [1, 1, 1, 1, 1],
        [1, 0, 2, 0, 1],
        [1, 2, 2, 2, 1],
        [1, 0, 2, 0, 1],
        [1, 1, 1, 1, 1],
      ],
    ]);
  });

  test("contrast, as the published face script sets it before it looks", () => {
    const shown = run(`
csi0.pixformat(csi.GRAYSCALE)
img = csi0.snapshot().gamma_corr(contrast=1.5)
show(len(img.find_features(image.HaarCascade("frontalface"))))
`);
    expect(shown).toEqual([1]);
  });
});
