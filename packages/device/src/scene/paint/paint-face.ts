/** Draws a person: head, hair and shoulders, in the proportions that a face detector looks for. */

import { locate, type Pose } from "../geometry.js";
import type { Random } from "../random.js";
import type { Canvas, Rgb } from "./canvas.js";
import { both, box, cut, ellipse, type Shape } from "./shapes.js";

export interface FaceLook {
  /** Half the width of the head in world units; it is 1.28 times as high. */
  readonly radius: number;
  readonly skin: Rgb;
  readonly hair: Rgb;
  readonly shirt: Rgb;
  readonly iris: Rgb;
  readonly longHair: boolean;
}

export const HEAD_RATIO = 1.28;

const DARK: Rgb = [46, 36, 34];
const LIPS: Rgb = [186, 112, 104];
const WHITE: Rgb = [250, 250, 248];

export function chooseFaceLook(random: Random, radius: number): FaceLook {
  return {
    radius,
    // Pale to brown, all with little red, so that a colour threshold for red finds the ball and no face.
    skin: random.pick<Rgb>([
      [236, 204, 180],
      [222, 186, 160],
      [196, 156, 130],
      [150, 114, 94],
    ]),
    hair: random.pick<Rgb>([
      [58, 44, 38],
      [38, 33, 30],
      [112, 84, 58],
      [176, 150, 108],
      [128, 124, 122],
    ]),
    shirt: random.pick<Rgb>([
      [94, 98, 100],
      [118, 110, 98],
      [90, 86, 88],
      [132, 128, 122],
    ]),
    iris: random.pick<Rgb>([
      [78, 60, 48],
      [88, 104, 112],
      [92, 100, 76],
    ]),
    longHair: random.chance(0.5),
  };
}

/** `pose`: the middle of the head. */
export function paintPerson(canvas: Canvas, pose: Pose, look: FaceLook): void {
  const r = look.radius;
  const neck = { x: pose.x, y: pose.y + r * 1.3, angle: 0 };
  const chest = { x: pose.x, y: pose.y + r * 3.0, angle: 0 };
  if (look.longHair) {
    const fall = { ...pose, y: pose.y + r * 0.35 };
    canvas.fill(box(fall, r * 2.34, r * 2.9, r * 0.9), look.hair, { shade: () => 0.86 });
  }
  canvas.fill(box(chest, r * 3.3, r * 2.7, r * 0.85), look.shirt, {
    shade: (x) => 1.08 - Math.abs(x - chest.x + r * 0.5) / (r * 7),
  });
  canvas.fill(ellipse({ ...chest, y: chest.y - r * 1.34 }, r * 0.62, r * 0.34), look.skin, {
    shade: () => 0.84,
  });
  canvas.fill(box(neck, r * 0.84, r * 0.9, r * 0.2), look.skin, { shade: () => 0.84 });
  paintHead(canvas, pose, look);
}

function paintHead(canvas: Canvas, pose: Pose, look: FaceLook): void {
  const r = look.radius;
  const at = (u: number, v: number): Pose => ({ ...locate(pose, u * r, v * r), angle: pose.angle });
  const head = ellipse(pose, r, r * HEAD_RATIO);
  const light = (x: number, y: number): number =>
    1.05 - (((x - pose.x) * 0.55 + (y - pose.y) * 0.35) / r) * 0.14;

  const skull = ellipse(at(0, -0.24), r * 1.1, r * 1.2);
  canvas.fill(skull, look.hair, { shade: light });
  for (const side of [-1, 1]) {
    canvas.fill(ellipse(at(side * 0.99, 0.06), r * 0.16, r * 0.26), look.skin, { shade: () => 0.9 });
  }
  canvas.fill(head, look.skin, { shade: light });
  paintHairline(canvas, pose, look, skull);
  for (const side of [-1, 1]) {
    canvas.fill(ellipse(at(side * 0.5, 0.44), r * 0.26, r * 0.18), [214, 140, 124], {
      opacity: 0.22,
      blur: r * 0.3,
    });
    paintEye(canvas, at(side * 0.4, -0.06), look);
  }
  paintNoseAndMouth(canvas, pose, look);
}

/** The hair over the forehead: what lies above a parting that is a little off the middle. */
function paintHairline(canvas: Canvas, pose: Pose, look: FaceLook, skull: Shape): void {
  const r = look.radius;
  const at = (u: number, v: number): Pose => ({ ...locate(pose, u * r, v * r), angle: pose.angle });
  const forehead = ellipse(at(0.16, 0.16), r * 0.98, r * 0.86);
  const top = both(skull, box(at(0, -0.9), r * 2.4, r * 1.5));
  canvas.fill(cut(top, forehead), look.hair, {
    shade: (x, y) => 1.1 - (((x - pose.x) * 0.5 + (y - pose.y) * 0.2) / r) * 0.2,
  });
}

function paintEye(canvas: Canvas, eye: Pose, look: FaceLook): void {
  const r = look.radius;
  const at = (u: number, v: number): Pose => ({ ...locate(eye, u * r, v * r), angle: eye.angle });
  canvas.fill(ellipse(at(0, 0.0), r * 0.27, r * 0.2), DARK, { opacity: 0.25, blur: r * 0.12 });
  canvas.fill(ellipse(eye, r * 0.21, r * 0.125), WHITE);
  canvas.fill(ellipse(eye, r * 0.12, r * 0.12), look.iris);
  canvas.fill(ellipse(eye, r * 0.065, r * 0.065), [20, 16, 14]);
  canvas.fill(ellipse(at(-0.04, -0.05), r * 0.03, r * 0.03), WHITE);
  const lid = cut(ellipse(eye, r * 0.25, r * 0.165), ellipse(at(0, 0.045), r * 0.26, r * 0.165));
  canvas.fill(lid, DARK);
  const brow = cut(ellipse(at(0, -0.22), r * 0.29, r * 0.14), ellipse(at(0, -0.14), r * 0.32, r * 0.14));
  canvas.fill(brow, look.hair, { shade: () => 0.8 });
}

function paintNoseAndMouth(canvas: Canvas, pose: Pose, look: FaceLook): void {
  const r = look.radius;
  const at = (u: number, v: number): Pose => ({ ...locate(pose, u * r, v * r), angle: pose.angle });
  canvas.fill(ellipse(at(0.07, 0.2), r * 0.09, r * 0.26), look.skin, {
    shade: () => 0.84,
    opacity: 0.7,
    blur: r * 0.1,
  });
  canvas.fill(ellipse(at(-0.02, 0.18), r * 0.06, r * 0.24), look.skin, { shade: () => 1.08, blur: r * 0.08 });
  const nostrils = cut(ellipse(at(0, 0.4), r * 0.17, r * 0.09), ellipse(at(0, 0.35), r * 0.19, r * 0.09));
  canvas.fill(nostrils, look.skin, { shade: () => 0.62 });
  const smile = cut(ellipse(at(0, 0.68), r * 0.4, r * 0.19), ellipse(at(0, 0.58), r * 0.46, r * 0.16));
  canvas.fill(smile, LIPS);
  const line = cut(ellipse(at(0, 0.655), r * 0.4, r * 0.15), ellipse(at(0, 0.615), r * 0.44, r * 0.15));
  canvas.fill(line, DARK, { opacity: 0.8 });
}
