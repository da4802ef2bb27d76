/** What does not move: a wall with window light on it, a pin board, and the desk in front. Drawn once a view. */

import { type Rect, WORLD_HEIGHT, WORLD_WIDTH } from "../geometry.js";
import type { Random } from "../random.js";
import type { Canvas, Rgb } from "./canvas.js";
import { box, type Shape } from "./shapes.js";

export interface RoomLook {
  readonly wall: Rgb;
  readonly board: Rgb;
  readonly desk: Rgb;
  readonly grainPhase: number;
  /** Where the pin board hangs, in world units. */
  readonly boardArea: Rect;
}

/** Where the desk begins, in world units. */
export const DESK_TOP = 184;

export function chooseRoomLook(random: Random, boardArea: Rect): RoomLook {
  return {
    wall: random.pick<Rgb>([
      [206, 204, 198],
      [198, 200, 198],
      [212, 206, 196],
    ]),
    board: random.pick<Rgb>([
      [150, 152, 150],
      [164, 154, 140],
      [140, 142, 146],
    ]),
    desk: random.pick<Rgb>([
      [158, 128, 98],
      [136, 108, 84],
      [176, 152, 122],
    ]),
    grainPhase: random.between(0, 100),
    boardArea,
  };
}

export function paintWall(canvas: Canvas, look: RoomLook): void {
  canvas.fill(everywhere(0, WORLD_HEIGHT), look.wall, {
    shade: (x, y) => {
      // Slanting light from a window on the left, with soft edges.
      const band = (x * 0.8 + y * 0.6 - 70) / 46;
      const light = 0.09 * Math.exp(-band * band) + 0.05 * Math.exp(-((band - 2.4) ** 2));
      return 1.03 - x / 2200 - y / 2600 + light;
    },
  });
  const { x, y, w, h } = look.boardArea;
  const middle = { x: x + w / 2, y: y + h / 2, angle: 0 };
  canvas.fill(box({ ...middle, x: middle.x + 2, y: middle.y + 3 }, w, h, 3), [40, 36, 34], {
    opacity: 0.3,
    blur: 6,
  });
  canvas.fill(box(middle, w, h, 3), [112, 96, 80], { shade: (_, at) => 1.1 - (at - y) / h / 4 });
  canvas.fill(box(middle, w - 6, h - 6, 1), look.board, {
    shade: (atX, atY) => 1 + 0.025 * Math.sin(atX * 3.1 + look.grainPhase) * Math.sin(atY * 2.7 + atX),
  });
}

export function paintDesk(canvas: Canvas, look: RoomLook): void {
  canvas.fill(everywhere(DESK_TOP - 7, 9), [30, 26, 24], { opacity: 0.28, blur: 6 });
  canvas.fill(everywhere(DESK_TOP, WORLD_HEIGHT - DESK_TOP), look.desk, {
    shade: (x, y) => {
      const depth = (y - DESK_TOP) / (WORLD_HEIGHT - DESK_TOP);
      const wave = Math.sin((y - DESK_TOP) * 1.9 + Math.sin(x / 37 + look.grainPhase) * 2.4 + x / 61);
      const edge = y < DESK_TOP + 1.4 ? 0.14 : 0;
      return 1.06 - depth * 0.2 + wave * 0.028 + edge;
    },
  });
}

/** A stripe over the whole width. */
function everywhere(top: number, height: number): Shape {
  const stripe = { x: WORLD_WIDTH / 2, y: top + height / 2, angle: 0 };
  return box(stripe, WORLD_WIDTH + 20, height + (top === 0 ? 20 : 0));
}
