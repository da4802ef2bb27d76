/** What stands in the scene, with the place that it was drawn at. */
import type { Pose, Quad } from "./geometry.js";
import type { BarCode, DataMatrix, MatrixSymbol, QrCode } from "./symbols/symbol.js";

interface Placed {
  readonly pose: Pose;
  /** The object's own outline (a code without its white margin), in world units. */
  readonly outline: Quad;
}

export interface FaceObject extends Placed {
  readonly kind: "face";
  /** Half the width of the head, in world units. */
  readonly radius: number;
}

export interface AprilTagObject extends Placed {
  readonly kind: "apriltag";
  /** Number in the family 36h11. */
  readonly id: number;
  readonly symbol: MatrixSymbol;
}

export interface QrCodeObject extends Placed {
  readonly kind: "qrcode";
  readonly symbol: QrCode;
}

export interface DataMatrixObject extends Placed {
  readonly kind: "datamatrix";
  readonly symbol: DataMatrix;
}

export interface BarCodeObject extends Placed {
  readonly kind: "barcode";
  readonly symbol: BarCode;
}

export interface BallObject extends Placed {
  readonly kind: "ball";
  readonly color: "red" | "green" | "blue";
  /** In world units. */
  readonly radius: number;
}

export interface ObjectsByKind {
  readonly face: FaceObject;
  readonly apriltag: AprilTagObject;
  readonly qrcode: QrCodeObject;
  readonly datamatrix: DataMatrixObject;
  readonly barcode: BarCodeObject;
  readonly ball: BallObject;
}

export type CodeObject = ObjectsByKind["apriltag" | "qrcode" | "datamatrix" | "barcode"];
export type SceneObject = ObjectsByKind[keyof ObjectsByKind];
