import { describe, expect, test } from "vitest";
import { createScene } from "../create-scene.js";
import { bytesPerPixel, type RawPicture, storePicture } from "../pixels/pixel-format.js";
import { type BlobQuery, findBlobs } from "./find-blobs.js";

/** A grey picture from lines of text: `#` is 255, everything else 0. */
function picture(...lines: readonly string[]): RawPicture {
  const [first = ""] = lines;
  const bytes = Uint8Array.from(lines.join(""), (mark) => (mark === "#" ? 255 : 0));
  return { format: "GRAYSCALE", width: first.length, height: lines.length, bytes };
}

function query(raw: RawPicture, changes: Partial<BlobQuery> = {}): BlobQuery {
  return {
    thresholds: [[128, 255]],
    invert: false,
    roi: { x: 0, y: 0, w: raw.width, h: raw.height },
    xStride: 1,
    yStride: 1,
    areaThreshold: 1,
    pixelsThreshold: 1,
    merge: false,
    margin: 0,
    ...changes,
  };
}

function find(raw: RawPicture, changes: Partial<BlobQuery> = {}) {
  return findBlobs(raw, query(raw, changes));
}

describe("which pixels belong together", () => {
  test("a ring that closes late is one blob", () => {
    const raw = picture("#...#", "#...#", "#####");
    expect(find(raw)).toMatchObject([{ pixels: 9, count: 1, rect: { x: 0, y: 0, w: 5, h: 3 } }]);
  });

  test("three arms that meet are one blob", () => {
    const raw = picture("#.#.#", "#.#.#", "#####", "..#..");
    expect(find(raw)).toMatchObject([{ pixels: 12, count: 1 }]);
  });

  test("corners do not join", () => {
    expect(find(picture("#.", ".#"))).toHaveLength(2);
  });

  test("only what lies in the roi counts", () => {
    const raw = picture("####", "####");
    expect(find(raw, { roi: { x: 1, y: 0, w: 2, h: 1 } })).toMatchObject([
      { pixels: 2, rect: { x: 1, y: 0, w: 2, h: 1 } },
    ]);
  });

  test("inverted, it is the rest", () => {
    expect(find(picture("##.", "##."), { invert: true })).toMatchObject([
      { rect: { x: 2, y: 0, w: 1, h: 2 } },
    ]);
  });

  test("what slips between the strides is not seen", () => {
    const raw = picture("......", ".#.##.", "......");
    expect(find(raw, { xStride: 2, yStride: 1 })).toMatchObject([{ pixels: 2 }]);
    expect(find(raw, { yStride: 2 })).toEqual([]);
  });

  test("too few pixels, or too small a rectangle, is no blob", () => {
    const raw = picture("###..#", "###...");
    expect(find(raw, { pixelsThreshold: 2 })).toHaveLength(1);
    expect(find(raw, { areaThreshold: 7 })).toHaveLength(0);
  });
});

describe("merging", () => {
  const raw = picture("##..##......##", "##..##......##");

  test("near blobs become one with the margin, far ones stay", () => {
    expect(find(raw, { merge: true, margin: 1 })).toHaveLength(3);
    expect(find(raw, { merge: true, margin: 3 })).toMatchObject([
      { pixels: 8, count: 2, center: { x: 2.5, y: 0.5 }, rect: { x: 0, y: 0, w: 6, h: 2 } },
      { pixels: 4, count: 1 },
    ]);
  });

  test("merged blobs know every threshold they met", () => {
    const grey = picture("##..", "....");
    grey.bytes.set([100, 100], 2);
    const thresholds = [
      [255, 255],
      [90, 110],
    ];
    expect(find(grey, { thresholds }).map((blob) => blob.code)).toEqual([1, 2]);
    expect(find(grey, { thresholds, merge: true, margin: 1 })).toMatchObject([{ code: 3, count: 2 }]);
  });
});

describe("what a blob tells", () => {
  test("a level bar", () => {
    const [bar] = find(picture("......", ".####.", "......"));
    expect(bar).toMatchObject({ rotation: 0, roundness: 0, perimeter: 4, center: { x: 2.5, y: 1 } });
    expect(bar?.minCorners).toEqual([
      { x: 1, y: 1 },
      { x: 4, y: 1 },
      { x: 4, y: 1 },
      { x: 1, y: 1 },
    ]);
  });

  test("a bar going down to the right is turned by an eighth", () => {
    const [bar] = find(picture("##...", ".##..", "..##.", "...##"));
    expect(bar?.rotation).toBeCloseTo(0.69, 1);
    expect(bar?.corners[0]).toEqual({ x: 0, y: 0 });
    expect(bar?.corners[2]).toEqual({ x: 4, y: 3 });
  });

  test("the inside of a square is not its edge", () => {
    const [square] = find(picture("......", ".####.", ".####.", ".####.", ".####.", "......"));
    expect(square).toMatchObject({ pixels: 16, perimeter: 12 });
    expect(square?.roundness).toBeCloseTo(1);
  });
});

describe("in the drawn scene", () => {
  // Bounds for the three colours as tutorials for OpenMV's cameras give them.
  const bounds = {
    red: [30, 100, 15, 127, 15, 127],
    green: [30, 100, -64, -8, -32, 32],
    blue: [0, 30, 0, 64, -128, 0],
  };

  test.each([1, 2, 3, 4, 5, 6].flatMap((seed) => [0, 5_000].map((timeMs) => ({ seed, timeMs }))))(
    "seed $seed at $timeMs ms: each ball is found where it was drawn",
    ({ seed, timeMs }) => {
      const scene = createScene(seed);
      const raw: RawPicture = {
        ...{ format: "RGB565", width: 320, height: 240 },
        bytes: new Uint8Array(320 * 240 * bytesPerPixel("RGB565")),
      };
      storePicture(scene.draw(timeMs, 320, 240), raw);
      for (const ball of scene.objectsAt(timeMs)) {
        if (ball.kind !== "ball") continue;
        const changes = { thresholds: [bounds[ball.color]], pixelsThreshold: 200, merge: true, margin: 10 };
        const found = find(raw, changes);
        expect(found, ball.color).toHaveLength(1);
        const { x = Number.NaN, y = Number.NaN } = found[0]?.center ?? {};
        expect(Math.hypot(x + 0.5 - ball.pose.x, y + 0.5 - ball.pose.y)).toBeLessThan(2.5);
        expect(found[0]?.pixels).toBeGreaterThan(0.7 * Math.PI * ball.radius ** 2);
      }
    },
  );
});
