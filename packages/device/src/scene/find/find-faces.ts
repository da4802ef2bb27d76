/** Faces: where one was drawn, if it is large enough here and the pixels still show one. */
import { contains, locate, type Point, type Pose, type Rect } from "../geometry.js";
import { brightness, type RawPicture } from "../pixels/pixel-format.js";
import type { FaceObject } from "../scene-object.js";
import { type Projection, toPixels } from "../view.js";

/** The detector's window: the smallest face that it can see, in pixels. */
export const SMALLEST_FACE = 24;

/** Squares from the brows to the chin, in whole pixels, wholly within `roi`. */
export function findFaces(
  faces: readonly FaceObject[],
  raw: RawPicture,
  projection: Projection,
  roi: Rect,
): Rect[] {
  return faces.flatMap((face) => {
    const middle = toPixels(projection, locate(face.pose, 0, face.radius * 0.1));
    const side = Math.round(face.radius * 2.1 * projection.scale);
    const rect = { x: Math.round(middle.x - side / 2), y: Math.round(middle.y - side / 2), w: side, h: side };
    const isLargeEnough = side >= SMALLEST_FACE;
    return isLargeEnough && contains(roi, rect) && showsFace(raw, projection, face) ? [rect] : [];
  });
}

/** The first thing a cascade asks: are both eyes darker than the cheeks and the skin between them? */
function showsFace(raw: RawPicture, projection: Projection, { pose, radius }: FaceObject): boolean {
  const mean = (u: number, v: number): number => meanAround(raw, projection, pose, radius, { x: u, y: v });
  const skin = (mean(-0.5, 0.4) + mean(0.5, 0.4) + mean(0, -0.1)) / 3;
  return [-0.4, 0.4].every((u) => mean(u, -0.06) < skin * 0.9);
}

/** Mean brightness of a small patch; `at` in half widths of the head from its middle. */
function meanAround(raw: RawPicture, projection: Projection, pose: Pose, radius: number, at: Point): number {
  let sum = 0;
  let count = 0;
  for (let u = -0.1; u <= 0.11; u += 0.05) {
    for (let v = -0.1; v <= 0.11; v += 0.05) {
      const place = toPixels(projection, locate(pose, (at.x + u) * radius, (at.y + v) * radius));
      sum += brightness(raw, Math.floor(place.y) * raw.width + Math.floor(place.x));
      count++;
    }
  }
  return sum / count;
}
