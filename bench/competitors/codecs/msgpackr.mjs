// msgpackr at its fastest: records, whose structure both sides know already, and 32-bit floats.
import { FLOAT32_OPTIONS, Packr } from "msgpackr";

const packr = new Packr({ structures: [], useRecords: true, useFloat32: FLOAT32_OPTIONS.ALWAYS });

export const encode = (frame) => packr.pack(frame);
export const decode = (bytes) => packr.unpack(bytes);
