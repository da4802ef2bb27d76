/** Where a tag is in space, as OpenMV reports it: the tag's side is two units, x right, y up, z towards the camera. */
import type { AprilTagObject } from "../scene-object.js";
import type { Projection } from "../view.js";
import type { FoundCode } from "./find-codes.js";

/** Focal lengths and optical centre, in pixels. */
export interface Lens {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
}

export interface TagPose {
  readonly translation: readonly [number, number, number];
  /** Radians. Tags of the scene face the camera, so only the last one turns: counter-clockwise, 0 to 2 pi. */
  readonly rotation: readonly [number, number, number];
}

export function poseOfTag(
  { code, center }: FoundCode<AprilTagObject>,
  projection: Projection,
  lens: Lens,
): TagPose {
  const [topLeft, topRight] = code.outline;
  const side = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y) * projection.scale;
  const distance = (2 * lens.fx) / side;
  return {
    translation: [
      ((center.x - lens.cx) / lens.fx) * distance,
      ((lens.cy - center.y) / lens.fy) * distance,
      -distance,
    ],
    rotation: [Math.PI, 0, counterClockwise(code.pose.angle)],
  };
}

/** A clockwise turn as the firmware counts turns: from 0 to 2 pi, the other way round. */
export function counterClockwise(angle: number): number {
  const full = 2 * Math.PI;
  return ((-angle % full) + full) % full;
}
