import {
  BarcodeFormat,
  BinaryBitmap,
  DataMatrixReader,
  DecodeHintType,
  HybridBinarizer,
  MultiFormatReader,
  RGBLuminanceSource,
} from "@zxing/library";
import jsQR from "jsqr";
import { describe, expect, test } from "vitest";
import { createScene, type Scene } from "./create-scene.js";
import {
  boundsOf,
  contains,
  intersect,
  locate,
  type Quad,
  type Rect,
  WORLD_HEIGHT,
  WORLD_WIDTH,
} from "./geometry.js";
import type { RgbPicture } from "./paint/canvas.js";
import type { ObjectsByKind } from "./scene-object.js";

const SEEDS = [1, 2, 5, 4_000_000_000];
const TIMES_MS = [0, 3_333, 3_600_000];
const MOMENTS = SEEDS.flatMap((seed) => TIMES_MS.map((timeMs) => ({ seed, timeMs })));

// The package is CommonJS: its types speak of a `default` within, which Node's import has taken out already.
const readQrCode = jsQR as unknown as typeof jsQR.default;

const made = new Map<number, Scene>();

/** The scene of that seed, made once: tests that look at one picture need no new one. */
function sceneOf(seed: number): Scene {
  const scene = made.get(seed) ?? createScene(seed);
  made.set(seed, scene);
  return scene;
}

function theOne<K extends keyof ObjectsByKind>(seed: number, timeMs: number, kind: K): ObjectsByKind[K] {
  const found = sceneOf(seed)
    .objectsAt(timeMs)
    .find((object): object is ObjectsByKind[K] => object.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} in scene ${seed}`);
  return found;
}

describe("the same for ever", () => {
  test("one seed gives the same pixels and places at the same time", () => {
    const one = createScene(7);
    const other = createScene(7);
    expect(other.draw(1234, 160, 120)).toEqual(one.draw(1234, 160, 120));
    expect(other.objectsAt(1234)).toEqual(one.objectsAt(1234));
  });

  test("what was drawn before does not matter", () => {
    const used = createScene(7);
    used.draw(99, 320, 240);
    used.draw(5, 64, 64);
    expect(used.draw(1234, 160, 120)).toEqual(createScene(7).draw(1234, 160, 120));
  });

  test("another seed gives other codes, tags, places and pixels", () => {
    const contents = SEEDS.map((seed) => [
      theOne(seed, 0, "qrcode").symbol.payload,
      theOne(seed, 0, "datamatrix").symbol.payload,
      theOne(seed, 0, "barcode").symbol.payload,
      theOne(seed, 0, "apriltag").id,
      theOne(seed, 0, "face").pose.x,
    ]);
    for (const column of [0, 1, 2, 4]) {
      expect(new Set(contents.map((content) => content[column])).size).toBe(SEEDS.length);
    }
    expect(new Set(contents.map((content) => content[3])).size).toBeGreaterThan(1);
    expect(createScene(1).draw(0, 80, 60)).not.toEqual(createScene(2).draw(0, 80, 60));
  });
});

describe("a moving world", () => {
  test("faces, tags, codes and balls are elsewhere half a second later", () => {
    const scene = sceneOf(3);
    const later = scene.objectsAt(500);
    for (const [index, before] of scene.objectsAt(0).entries()) {
      // A portrait hangs still on the wall.
      if (before.kind === "face" && before.radius < 10) continue;
      expect(later[index]?.pose, before.kind).not.toEqual(before.pose);
    }
    expect(scene.draw(500, 160, 120)).not.toEqual(scene.draw(0, 160, 120));
  });

  test.each(MOMENTS)(
    "seed $seed at $timeMs ms: everything lies within the world, and nothing on another",
    ({ seed, timeMs }) => {
      const world: Rect = { x: 0, y: 0, w: WORLD_WIDTH, h: WORLD_HEIGHT };
      const areas = sceneOf(seed)
        .objectsAt(timeMs)
        .map((object) => ({ kind: object.kind, area: boundsOf(object.outline) }));
      for (const [index, { kind, area }] of areas.entries()) {
        expect(contains(world, area), kind).toBe(true);
        for (const other of areas.slice(index + 1)) {
          expect(intersect(area, other.area), `${kind} and ${other.kind}`).toBeNull();
        }
      }
    },
  );

  test("there are one or two faces, three tags, three balls, and one of each code", () => {
    for (const seed of SEEDS) {
      const kinds = sceneOf(seed)
        .objectsAt(0)
        .map((object) => object.kind);
      const count = (kind: string): number => kinds.filter((each) => each === kind).length;
      expect([1, 2]).toContain(count("face"));
      expect([count("apriltag"), count("ball")]).toEqual([3, 3]);
      expect([count("qrcode"), count("datamatrix"), count("barcode")]).toEqual([1, 1, 1]);
    }
  });
});

describe("views", () => {
  test("a window is that part of the whole frame", () => {
    const scene = sceneOf(5);
    const whole = scene.draw(800, 320, 240);
    const part = scene.draw(800, 320, 240, { x: 40, y: 100, w: 64, h: 32 });
    const rows = Array.from({ length: 32 }, (_, row) => {
      const start = ((100 + row) * 320 + 40) * 3;
      return [...whole.data.subarray(start, start + 64 * 3)];
    });
    expect([...part.data]).toEqual(rows.flat());
  });

  test("a frame that is not 4:3 shows the middle", () => {
    const wide = sceneOf(5).draw(0, 320, 160);
    expect(wide.data).toHaveLength(320 * 160 * 3);
    expect(wide.data).toEqual(sceneOf(5).draw(0, 320, 240, { x: 0, y: 40, w: 320, h: 160 }).data);
  });

  test("a window outside the frame is refused", () => {
    expect(() => sceneOf(5).draw(0, 320, 240, { x: 300, y: 0, w: 64, h: 32 })).toThrow("within the frame");
  });
});

describe("drawn codes are real: independent readers read them from the pixels", () => {
  const SCALE = 3;

  /** The object and the white round it, cut out of a large picture. */
  const drawClose = (seed: number, timeMs: number, outline: Quad, white: number): RgbPicture => {
    const { x, y, w, h } = boundsOf(outline);
    const left = Math.floor((x - white) * SCALE);
    const top = Math.floor((y - white) * SCALE);
    const window = {
      x: left,
      y: top,
      w: Math.ceil((w + white * 2) * SCALE),
      h: Math.ceil((h + white * 2) * SCALE),
    };
    return sceneOf(seed).draw(timeMs, WORLD_WIDTH * SCALE, WORLD_HEIGHT * SCALE, window);
  };

  test.each(MOMENTS)("QR code of seed $seed at $timeMs ms", ({ seed, timeMs }) => {
    const code = theOne(seed, timeMs, "qrcode");
    const { width, height, data } = drawClose(seed, timeMs, code.outline, 6);
    const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let pixel = 0; pixel < width * height; pixel++) {
      rgba.set(data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    }
    expect(readQrCode(rgba, width, height)?.data).toBe(code.symbol.payload);
  });

  const bitmapOf = ({ width, height, data }: RgbPicture): BinaryBitmap => {
    const grey = Uint8ClampedArray.from({ length: width * height }, (_, pixel) => data[pixel * 3 + 1] ?? 0);
    return new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, width, height)));
  };

  test.each(MOMENTS)("Data Matrix of seed $seed at $timeMs ms", ({ seed, timeMs }) => {
    const { pose, outline, symbol } = theOne(seed, timeMs, "datamatrix");
    const picture = sceneOf(seed).draw(timeMs, WORLD_WIDTH * SCALE, WORLD_HEIGHT * SCALE);
    // This reader wants it upright, so the picture is turned: each pixel is looked up in the drawn one.
    const side = Math.ceil((outline[1].x - outline[0].x + 8) * SCALE);
    const upright = new Uint8ClampedArray(side * side * 3);
    for (let pixel = 0; pixel < side * side; pixel++) {
      const u = ((pixel % side) + 0.5 - side / 2) / SCALE;
      const v = (Math.floor(pixel / side) + 0.5 - side / 2) / SCALE;
      const { x, y } = locate(pose, u, v);
      const from = (Math.floor(y * SCALE) * picture.width + Math.floor(x * SCALE)) * 3;
      upright.set(picture.data.subarray(from, from + 3), pixel * 3);
    }
    const bitmap = bitmapOf({ width: side, height: side, data: upright });
    expect(new DataMatrixReader().decode(bitmap).getText()).toBe(symbol.payload);
  });

  test.each(MOMENTS)("bar code of seed $seed at $timeMs ms", ({ seed, timeMs }) => {
    const code = theOne(seed, timeMs, "barcode");
    const formats = [BarcodeFormat.EAN_13, BarcodeFormat.CODE_128];
    const result = new MultiFormatReader().decode(
      bitmapOf(drawClose(seed, timeMs, code.outline, 8)),
      new Map<DecodeHintType, unknown>([[DecodeHintType.POSSIBLE_FORMATS, formats]]),
    );
    expect(result.getText()).toBe(code.symbol.payload);
  });

  test.each(MOMENTS)(
    "AprilTags of seed $seed at $timeMs ms: the pixel in each module's middle",
    ({ seed, timeMs }) => {
      const picture = sceneOf(seed).draw(timeMs, WORLD_WIDTH * 2, WORLD_HEIGHT * 2);
      const tags = sceneOf(seed)
        .objectsAt(timeMs)
        .filter((object) => object.kind === "apriltag");
      for (const { pose, outline, symbol } of tags) {
        const module = Math.hypot(outline[1].x - outline[0].x, outline[1].y - outline[0].y) / 8;
        const read = Array.from(symbol.dark, (_, index) => {
          const place = locate(pose, ((index % 8) - 3.5) * module, (Math.floor(index / 8) - 3.5) * module);
          const pixel = Math.floor(place.y * 2) * picture.width + Math.floor(place.x * 2);
          return (picture.data[pixel * 3] ?? 0) < 128 ? 1 : 0;
        });
        expect(read).toEqual([...symbol.dark]);
      }
    },
  );
});
