/**
 * The world in front of the virtual camera: made from a seed, the same for ever. `objectsAt` says where
 * everything is at a time and `draw` paints exactly that, so what is found agrees with what is seen.
 */

import { contains, type Rect } from "./geometry.js";
import { type Actor, layOutScene } from "./layout.js";
import { type Canvas, createCanvas, type RgbPicture } from "./paint/canvas.js";
import { DESK_TOP, paintDesk, paintWall, type RoomLook } from "./paint/paint-room.js";
import type { SceneObject } from "./scene-object.js";
import { projectionOf, type View, wholeView } from "./view.js";

export interface Scene {
  readonly seed: number;
  /** Everything that can be found; `timeMs` may have fractions. */
  objectsAt(timeMs: number): SceneObject[];
  /** A new picture of that moment. `window` is the part of the frame to draw, in pixels; all of it when left out. */
  draw(timeMs: number, width: number, height: number, window?: Rect): RgbPicture;
}

/** `seed` is taken as a 32-bit whole number. */
export function createScene(seed: number): Scene {
  const { room, actors } = layOutScene(seed);
  const paintStill = createStillPainter(room);
  return {
    seed,
    objectsAt: (timeMs) => actors.map((actor) => actor.objectAt(actor.motion(timeMs))),
    draw(timeMs, width, height, window) {
      const whole = wholeView(width, height);
      const view: View = window === undefined ? whole : { ...whole, window };
      if (!contains(whole.window, view.window))
        throw new RangeError("the window does not lie within the frame");
      const still = paintStill(view);
      const picture: RgbPicture = { ...still, data: still.data.slice() };
      const canvas = createCanvas(picture, projectionOf(view));
      paintActors(canvas, actors, "behind", timeMs);
      putBackDesk(canvas, still);
      paintActors(canvas, actors, "front", timeMs);
      return picture;
    },
  };
}

function paintActors(canvas: Canvas, actors: readonly Actor[], layer: Actor["layer"], timeMs: number): void {
  for (const actor of actors) {
    if (actor.layer === layer) actor.paint(canvas, actor.motion(timeMs));
  }
}

/** People stand behind the desk: what they cover of it comes back. */
function putBackDesk({ picture, projection }: Canvas, still: RgbPicture): void {
  const row = Math.ceil((DESK_TOP - projection.originY) * projection.scale);
  const from = Math.min(Math.max(row, 0), picture.height) * picture.width * 3;
  picture.data.set(still.data.subarray(from), from);
}

/** Paints what does not move, and keeps the last of it: a camera rarely changes its view. */
function createStillPainter(room: RoomLook): (view: View) => RgbPicture {
  let kept: { readonly key: string; readonly picture: RgbPicture } | null = null;
  return (view) => {
    const { w: width, h: height } = view.window;
    const key = JSON.stringify(view);
    if (kept?.key !== key) {
      const picture: RgbPicture = { width, height, data: new Uint8ClampedArray(width * height * 3) };
      const canvas = createCanvas(picture, projectionOf(view));
      paintWall(canvas, room);
      paintDesk(canvas, room);
      kept = { key, picture };
    }
    return kept.picture;
  };
}
