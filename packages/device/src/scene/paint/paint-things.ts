/** Draws cards with codes on them, and balls. */

import type { Pose } from "../geometry.js";
import type { MatrixSymbol } from "../symbols/symbol.js";
import type { Canvas, Rgb } from "./canvas.js";
import { box, cut, ellipse } from "./shapes.js";

const PAPER: Rgb = [252, 252, 250];
const INK: Rgb = [24, 22, 20];
const SHADOW: Rgb = [30, 26, 24];

/** White paper with a code in its middle; all sizes in world units. */
export interface Card {
  readonly symbol: MatrixSymbol;
  readonly symbolWidth: number;
  readonly symbolHeight: number;
  /** White left and right of the code, and above and below, which readers need. */
  readonly marginX: number;
  readonly marginY: number;
}

export function paintCard(canvas: Canvas, pose: Pose, card: Card): void {
  const width = card.symbolWidth + card.marginX * 2;
  const height = card.symbolHeight + card.marginY * 2;
  const dropped = { ...pose, x: pose.x + 1.6, y: pose.y + 2 };
  canvas.fill(box(dropped, width, height, 1), SHADOW, { opacity: 0.34, blur: 4 });
  canvas.fill(box(pose, width, height, 1), PAPER);
  paintModules(canvas, pose, card);
}

/** How many samples of a pixel's width and height are averaged. */
const SAMPLES = 3;

function paintModules(canvas: Canvas, pose: Pose, { symbol, symbolWidth, symbolHeight }: Card): void {
  const cos = Math.cos(pose.angle);
  const sin = Math.sin(pose.angle);
  const perColumn = symbol.columns / symbolWidth;
  const perRow = symbol.rows / symbolHeight;
  const isDark = (x: number, y: number): boolean => {
    const column = Math.floor(((x - pose.x) * cos + (y - pose.y) * sin) * perColumn + symbol.columns / 2);
    const row = Math.floor(((y - pose.y) * cos - (x - pose.x) * sin) * perRow + symbol.rows / 2);
    if (column < 0 || row < 0 || column >= symbol.columns || row >= symbol.rows) return false;
    return symbol.dark[row * symbol.columns + column] === 1;
  };
  const step = 1 / canvas.projection.scale / SAMPLES;
  const first = -((SAMPLES - 1) / 2) * step;
  const { bounds } = box(pose, symbolWidth, symbolHeight);
  // "Distance" here is how little of the pixel is dark: the pixel's own box filter does the smoothing.
  const distance = (x: number, y: number): number => {
    let dark = 0;
    for (let i = 0; i < SAMPLES; i++) {
      for (let j = 0; j < SAMPLES; j++) {
        if (isDark(x + first + i * step, y + first + j * step)) dark++;
      }
    }
    return (0.5 - dark / (SAMPLES * SAMPLES)) / canvas.projection.scale;
  };
  canvas.fill({ bounds, distance }, INK);
}

/** A ball on the desk, lit from the upper left. */
export function paintBall(canvas: Canvas, pose: Pose, radius: number, color: Rgb): void {
  const shadow = { x: pose.x + radius * 0.25, y: pose.y + radius * 0.92, angle: 0 };
  canvas.fill(ellipse(shadow, radius * 1.05, radius * 0.3), SHADOW, { opacity: 0.4, blur: radius * 0.3 });
  canvas.fill(ellipse(pose, radius, radius), color, {
    shade: (x, y) => {
      const u = (x - pose.x) / radius;
      const v = (y - pose.y) / radius;
      const depth = Math.sqrt(Math.max(0, 1 - u * u - v * v));
      return 0.74 + 0.34 * Math.max(0, depth * 0.7 - u * 0.45 - v * 0.55);
    },
  });
  const glint = { x: pose.x - radius * 0.36, y: pose.y - radius * 0.42, angle: -0.7 };
  canvas.fill(ellipse(glint, radius * 0.16, radius * 0.09), [255, 255, 255], {
    opacity: 0.5,
    blur: radius * 0.1,
  });
}

/** A picture on the wall: a wooden frame, and in it what `paintInside` paints, cut off at the frame. */
export function paintPictureFrame(
  canvas: Canvas,
  pose: Pose,
  { width, height }: FrameSize,
  paintInside: (inside: Canvas) => void,
): void {
  const dropped = { ...pose, x: pose.x + 1.6, y: pose.y + 2 };
  canvas.fill(box(dropped, width, height, 1), SHADOW, { opacity: 0.35, blur: 4 });
  canvas.fill(box(pose, width, height), [206, 208, 204]);
  paintInside(canvas.clipped(box(pose, width - 2, height - 2).bounds));
  canvas.fill(cut(box(pose, width, height, 1), box(pose, width - 5, height - 5)), [104, 84, 66], {
    shade: (x, y) => 1.1 - ((x - pose.x) / width + (y - pose.y) / height) * 0.25,
  });
}

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}
