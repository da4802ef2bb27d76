import { describe, expect, test } from "vitest";
import { createScene } from "../create-scene.js";
import { contains, type Rect } from "../geometry.js";
import { markArea } from "../pixels/marks.js";
import { type RawPicture, storePicture } from "../pixels/pixel-format.js";
import type { FaceObject } from "../scene-object.js";
import { projectionOf, toPixels, wholeView } from "../view.js";
import { findFaces, SMALLEST_FACE } from "./find-faces.js";

function look(
  seed: number,
  timeMs: number,
  width: number,
  height: number,
  change?: (raw: RawPicture) => void,
) {
  const scene = createScene(seed);
  const raw: RawPicture = { format: "GRAYSCALE", width, height, bytes: new Uint8Array(width * height) };
  storePicture(scene.draw(timeMs, width, height), raw);
  change?.(raw);
  const projection = projectionOf(wholeView(width, height));
  const faces = scene.objectsAt(timeMs).filter((object): object is FaceObject => object.kind === "face");
  const whole = { x: 0, y: 0, w: width, h: height };
  return { faces, projection, find: (roi: Rect = whole) => findFaces(faces, raw, projection, roi) };
}

describe("faces", () => {
  test.each([1, 2, 3, 4, 5])("scene %i: each face is found where it was drawn", (seed) => {
    for (const timeMs of [0, 9_999]) {
      const { faces, projection, find } = look(seed, timeMs, 640, 480);
      const found = find();
      expect(found).toHaveLength(faces.length);
      for (const [index, rect] of found.entries()) {
        const face = faces[index];
        if (face === undefined) throw new Error("more faces than were drawn");
        const middle = toPixels(projection, face.pose);
        expect(contains(rect, { ...middle, w: 0, h: 0 })).toBe(true);
        expect(rect.w).toBe(rect.h);
        expect(rect.w / (face.radius * 2 * projection.scale)).toBeCloseTo(1.05, 1);
      }
    }
  });

  test("a face smaller than the detector's window is not found", () => {
    const portrait = [1, 2, 3, 4, 5]
      .map((seed) => look(seed, 0, 640, 480))
      .find(({ faces }) => faces.length === 2);
    if (portrait === undefined) throw new Error("no scene with a portrait");
    expect(portrait.find().map(({ w }) => w >= SMALLEST_FACE)).toEqual([true, true]);
    expect(look(2, 0, 640, 480).find()).toHaveLength(2);
    expect(look(2, 0, 320, 240).find()).toHaveLength(1);
    expect(look(2, 0, 80, 60).find()).toHaveLength(0);
  });

  test("a face that the roi cuts is not found", () => {
    const { find } = look(2, 0, 320, 240);
    const [rect] = find();
    if (rect === undefined) throw new Error("no face");
    expect(find(rect)).toEqual([rect]);
    expect(find({ ...rect, w: rect.w - 1 })).toEqual([]);
  });

  test("a face whose eyes were painted over is not found", () => {
    const [rect] = look(2, 0, 320, 240).find();
    if (rect === undefined) throw new Error("no face");
    const band = { ...rect, y: rect.y + Math.round(rect.h * 0.2), h: Math.round(rect.h * 0.4) };
    expect(look(2, 0, 320, 240, (raw) => markArea(raw, band, 255)).find()).toEqual([]);
  });
});
