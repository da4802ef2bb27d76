/** The board's CAN controller: frames as records of 16 bytes, laid out as Linux's `struct can_frame`. */
import { createByteChannel, createByteHostEnd } from "./byte-channel.js";
import { type CanFrame, NO_FACES, type Port } from "./port.js";

export const CAN_RECORD_BYTES = 16;
/** A controller holds only a few frames; beyond them `send` waits, and a stream's writer is not ahead of the bus. */
const FRAMES_UNDER_WAY = 16;
const LENGTH_AT = 4;
const DATA_AT = 8;
const LONGEST_DATA = 8;
/** The id without the flags of extended, remote and error frames. */
const ID_MASK = 0x7ff;

/** `onFrame` gets what the board sends, in order. */
export function createCanPort(onFrame: (frame: CanFrame) => void | Promise<void>): Port {
  const bytes = createByteChannel({ underWayBytes: FRAMES_UNDER_WAY * CAN_RECORD_BYTES });
  const host = createByteHostEnd(bytes, async (record) => {
    await onFrame(toCanFrame(record));
  });
  let delivered: Promise<void> = Promise.resolve();
  return {
    faces: {
      ...NO_FACES,
      can: {
        send(frame) {
          delivered = delivered.then(() => host.deliver(toCanRecord(frame)));
          return delivered;
        },
      },
    },
    channel: { kind: "can", bytes },
    receive(message) {
      if (message.kind === "bytes" || message.kind === "bytes-room") host.receive(message);
    },
    start: () => {},
    drained: host.drained,
    close: async () => {},
  };
}

export function toCanRecord({ id, data }: CanFrame): Uint8Array {
  const record = new Uint8Array(CAN_RECORD_BYTES);
  new DataView(record.buffer).setUint32(0, id, true);
  record[LENGTH_AT] = data.length;
  record.set(data.subarray(0, LONGEST_DATA), DATA_AT);
  return record;
}

export function toCanFrame(record: Uint8Array): CanFrame {
  const id = new DataView(record.buffer, record.byteOffset).getUint32(0, true) & ID_MASK;
  const length = Math.min(record[LENGTH_AT] ?? 0, LONGEST_DATA);
  return { id, data: record.slice(DATA_AT, DATA_AT + length) };
}
