/**
 * Who stands where: people behind a desk on one side, codes on a pin board in the middle, AprilTags on
 * the other side, three balls on the desk. Everything keeps to a place of its own, so nothing covers
 * another, and stays within the world. The seed chooses looks, contents, movements and the side.
 */

import { type Pose, quadOf, WORLD_WIDTH } from "./geometry.js";
import { type Motion, type Sway, sway } from "./motion.js";
import type { Canvas, Rgb } from "./paint/canvas.js";
import { chooseFaceLook, HEAD_RATIO, paintPerson } from "./paint/paint-face.js";
import { chooseRoomLook, type RoomLook } from "./paint/paint-room.js";
import { type Card, paintBall, paintCard, paintPictureFrame } from "./paint/paint-things.js";
import { createRandom, type Random } from "./random.js";
import type { BallObject, CodeObject, SceneObject } from "./scene-object.js";
import { encodeAprilTag, TAG36H11_CODES } from "./symbols/apriltag.js";
import { encodeCode128, encodeDataMatrix, encodeEan13, encodeQrCode } from "./symbols/symbol.js";

/** One thing of the scene: how it moves, how it is painted, and what it is to a finder. */
export interface Actor {
  readonly layer: "behind" | "front";
  readonly motion: Motion;
  paint(canvas: Canvas, pose: Pose): void;
  objectAt(pose: Pose): SceneObject;
}

/** How x of the plan below comes into the world: as it is, or mirrored. */
type Place = (x: number) => number;

export function layOutScene(seed: number): { readonly room: RoomLook; readonly actors: readonly Actor[] } {
  const random = createRandom(seed);
  const place: Place = random.chance(0.5) ? (x) => x : (x) => WORLD_WIDTH - x;
  const boardLeft = Math.min(place(112), place(234));
  const room = chooseRoomLook(random, { x: boardLeft, y: 56, w: 122, h: 112 });
  const actors = [
    ...placePeople(random, place),
    ...placeBoard(random, place),
    ...placeTags(random, place),
    ...placeBalls(random),
  ];
  return { room, actors };
}

function placePeople(random: Random, place: Place): Actor[] {
  const person = face(random, random.between(25, 28), {
    x: place(58),
    y: 88,
    reachX: 9,
    reachY: 3,
    turn: 0.09,
    fastestMs: 5_000,
    slowestMs: 9_000,
  });
  // A portrait on the wall: too small for the detector at low resolutions.
  const portrait = face(random, 8.6, { x: place(128), y: 26, fastestMs: 1, slowestMs: 1 });
  const framed: Actor = {
    ...portrait,
    paint(canvas, pose) {
      paintPictureFrame(canvas, { ...pose, y: pose.y + 4 }, { width: 36, height: 46 }, (inside) =>
        portrait.paint(inside, pose),
      );
    },
  };
  return random.chance(0.6) ? [person, framed] : [person];
}

function face(random: Random, radius: number, movement: Sway): Actor {
  const look = chooseFaceLook(random, radius);
  return {
    layer: "behind",
    motion: sway(random, movement),
    paint: (canvas, pose) => paintPerson(canvas, pose, look),
    objectAt: (pose) => ({
      kind: "face",
      pose,
      radius,
      outline: quadOf(pose, radius * 2, radius * 2 * HEAD_RATIO),
    }),
  };
}

function placeBoard(random: Random, place: Place): Actor[] {
  const pace = { fastestMs: 3_000, slowestMs: 6_000 };
  const number = (digits: number): string => String(random.integer(10 ** (digits - 1), 10 ** digits - 1));
  const qr = encodeQrCode(`rpcgen:${number(6)}`);
  const matrix = encodeDataMatrix(`LOT-${number(5)}`);
  const bars = random.chance(0.7)
    ? encodeEan13(`4${number(6)}${number(5)}`)
    : encodeCode128(`P-${number(6)}`);
  return [
    code({ kind: "qrcode", symbol: qr }, cardOf(qr, 1.76, 1.76, 4 * 1.76), random, {
      ...{ x: place(146), y: 92, reachX: 1.2, reachY: 1, turn: 0.11 },
      ...pace,
    }),
    code({ kind: "datamatrix", symbol: matrix }, cardOf(matrix, 2.1, 2.1, 2 * 2.1), random, {
      ...{ x: place(206), y: 92, reachX: 1.5, reachY: 3, turn: 0.17 },
      ...pace,
    }),
    code({ kind: "barcode", symbol: bars }, cardOf(bars, 1, 26, 4), random, {
      ...{ x: place(173), y: 143, reachX: 1.5, reachY: 1.5 },
      ...pace,
    }),
  ];
}

function placeTags(random: Random, place: Place): Actor[] {
  const first = random.integer(0, TAG36H11_CODES.length - 1);
  const step = random.integer(1, 9);
  const tag = (index: number, module: number, movement: Sway): Actor => {
    const id = (first + index * step) % TAG36H11_CODES.length;
    const symbol = encodeAprilTag(id);
    return code({ kind: "apriltag", id, symbol }, cardOf(symbol, module, module, module), random, movement);
  };
  const pace = { fastestMs: 6_000, slowestMs: 10_000 };
  const turning = { fastestMs: 24_000, slowestMs: 40_000, turn: Infinity };
  return [
    tag(0, 4.6, { x: place(275), y: 58, reachX: 2, reachY: 2, ...turning }),
    tag(1, 4.2, { x: place(275), y: 140, reachX: 6, reachY: 8, turn: 0.45, ...pace }),
    // A smaller one.
    tag(2, 3, { x: place(182), y: 28, reachX: 8, reachY: 2, turn: 0.12, ...pace }),
  ];
}

/** Sizes in world units; beside bars readers want more white than above them. */
function cardOf(
  symbol: CodeObject["symbol"],
  moduleWidth: number,
  moduleHeight: number,
  margin: number,
): Card {
  return {
    symbol,
    symbolWidth: symbol.columns * moduleWidth,
    symbolHeight: symbol.rows * moduleHeight,
    marginX: symbol.rows === 1 ? 9 * moduleWidth : margin,
    marginY: margin,
  };
}

type CodeContent = CodeObject extends infer Each
  ? Each extends CodeObject
    ? Omit<Each, "pose" | "outline">
    : never
  : never;

function code(content: CodeContent, card: Card, random: Random, movement: Sway): Actor {
  return {
    layer: "front",
    motion: sway(random, movement),
    paint: (canvas, pose) => paintCard(canvas, pose, card),
    objectAt: (pose) => ({ ...content, pose, outline: quadOf(pose, card.symbolWidth, card.symbolHeight) }),
  };
}

const BALL_COLORS: readonly (readonly [BallObject["color"], Rgb])[] = [
  ["red", [226, 44, 40]],
  ["green", [34, 150, 84]],
  ["blue", [30, 46, 152]],
];

function placeBalls(random: Random): Actor[] {
  const lanes = [62, 160, 258];
  const turn = random.integer(0, 2);
  return BALL_COLORS.map(([color, rgb], index) => {
    const radius = random.between(15, 17);
    const x = lanes[(index + turn) % lanes.length] ?? WORLD_WIDTH / 2;
    return {
      layer: "front",
      motion: sway(random, { x, y: 222 - radius, reachX: 28, fastestMs: 2_500, slowestMs: 6_000 }),
      paint: (canvas, pose) => paintBall(canvas, pose, radius, rgb),
      objectAt: (pose) => ({
        kind: "ball",
        pose,
        color,
        radius,
        outline: quadOf(pose, radius * 2, radius * 2),
      }),
    };
  });
}
