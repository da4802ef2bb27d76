import { describe, expect, test } from "vitest";
import { createScene } from "../create-scene.js";
import { boundsOf, type Rect } from "../geometry.js";
import { markArea } from "../pixels/marks.js";
import { bytesPerPixel, type PixelFormat, type RawPicture, storePicture } from "../pixels/pixel-format.js";
import type { CodeObject } from "../scene-object.js";
import { projectionOf, toPixels, wholeView } from "../view.js";
import { findCodes } from "./find-codes.js";

interface Look {
  readonly seed?: number;
  readonly width: number;
  readonly height: number;
  readonly format?: PixelFormat;
  readonly window?: Rect;
}

/** Takes a picture and gives what can be found in it; `change` may spoil the picture before. */
function look(
  { seed = 2, width, height, format = "RGB565", ...rest }: Look,
  change?: (raw: RawPicture) => void,
) {
  const scene = createScene(seed);
  const window = rest.window ?? { x: 0, y: 0, w: width, h: height };
  const bytes = new Uint8Array(window.w * window.h * bytesPerPixel(format));
  const raw: RawPicture = { format, width: window.w, height: window.h, bytes };
  storePicture(scene.draw(900, width, height, window), raw);
  change?.(raw);
  const projection = projectionOf({ ...wholeView(width, height), window });
  const codes = scene.objectsAt(900).filter((object): object is CodeObject => "symbol" in object);
  const find = (roi: Rect = { x: 0, y: 0, w: raw.width, h: raw.height }) =>
    findCodes(codes, raw, projection, roi);
  return { codes, projection, find };
}

const kindsOf = (found: ReturnType<typeof findCodes>): string[] => found.map(({ code }) => code.kind).sort();

describe("what is found is what was drawn", () => {
  test.each(["RGB565", "GRAYSCALE"] as const)("every code of a %s picture of 640 by 480", (format) => {
    const { codes, projection, find } = look({ width: 640, height: 480, format });
    const found = find();
    expect(found.map(({ code }) => code)).toEqual(codes);
    for (const { code, rect, corners, center } of found) {
      const drawn = code.outline.map((corner) => toPixels(projection, corner));
      for (const [index, corner] of corners.entries()) {
        expect(Math.abs(corner.x - (drawn[index]?.x ?? Number.NaN))).toBeLessThanOrEqual(0.5);
        expect(Math.abs(corner.y - (drawn[index]?.y ?? Number.NaN))).toBeLessThanOrEqual(0.5);
      }
      const bounds = boundsOf(drawn);
      expect(rect.x).toBe(Math.floor(bounds.x));
      expect(rect.y + rect.h).toBe(Math.ceil(bounds.y + bounds.h));
      expect(center.x).toBeCloseTo(toPixels(projection, code.pose).x);
    }
  });

  test("twice the resolution, twice the size", () => {
    const small = look({ width: 320, height: 240 }).find();
    const large = look({ width: 640, height: 480 }).find();
    expect(small.map(({ code }) => code.kind)).toEqual(large.map(({ code }) => code.kind));
    for (const [index, { center }] of small.entries()) {
      expect(large[index]?.center.x).toBeCloseTo(center.x * 2);
      expect(large[index]?.center.y).toBeCloseTo(center.y * 2);
    }
  });
});

describe("what can't be read is not found", () => {
  test("at 160 by 120 the tags still are, the finer codes are not", () => {
    expect(kindsOf(look({ width: 160, height: 120 }).find())).toEqual(["apriltag", "apriltag", "apriltag"]);
  });

  test("at 80 by 60 nothing is", () => {
    expect(look({ width: 80, height: 60 }).find()).toEqual([]);
  });

  test("what the roi cuts is not found; a bar code is, if it is only lower", () => {
    const { find } = look({ width: 640, height: 480 });
    for (const { code, rect } of find()) {
      const narrow = { ...rect, w: rect.w - 4 };
      const low = { ...rect, h: Math.floor(rect.h / 2) };
      const kinds = (roi: Rect) => find(roi).map((found) => found.code);
      expect(kinds(rect)).toContain(code);
      expect(kinds(narrow)).not.toContain(code);
      if (code.kind === "barcode") expect(kinds(low)).toContain(code);
      else expect(kinds(low)).not.toContain(code);
    }
  });

  test("a window is read like the whole picture, in its own pixels", () => {
    const window = { x: 160, y: 120, w: 320, h: 240 };
    const whole = look({ width: 640, height: 480 }).find();
    const part = look({ width: 640, height: 480, window }).find();
    expect(kindsOf(part)).toEqual(["barcode", "datamatrix", "qrcode"]);
    for (const { code, rect } of part) {
      const same = whole.find((other) => other.code.kind === code.kind);
      expect(rect).toEqual({ ...same?.rect, x: (same?.rect.x ?? 0) - 160, y: (same?.rect.y ?? 0) - 120 });
    }
  });

  test("what was painted over is gone", () => {
    const all = look({ width: 640, height: 480 }).find();
    for (const { code, rect } of all) {
      const { find } = look({ width: 640, height: 480 }, (raw) => markArea(raw, rect, 0xffff));
      expect(find().map((found) => found.code.pose)).toEqual(
        all.filter((found) => found.code !== code).map((found) => found.code.pose),
      );
    }
  });

  test("a stroke through a bar code spoils the lines that it covers", () => {
    const [bars] = look({ width: 640, height: 480 })
      .find()
      .filter(({ code }) => code.kind === "barcode");
    if (bars === undefined) throw new Error("no bar code");
    const stroke = { ...bars.rect, y: bars.rect.y + 10, h: 12 };
    const { find } = look({ width: 640, height: 480 }, (raw) => markArea(raw, stroke, 0));
    const [spoilt] = find().filter(({ code }) => code.kind === "barcode");
    const lost = bars.linesRead - (spoilt?.linesRead ?? 0);
    // At the stroke's edges a line may lie half on it.
    expect(lost).toBeGreaterThanOrEqual(11);
    expect(lost).toBeLessThanOrEqual(13);
  });
});
