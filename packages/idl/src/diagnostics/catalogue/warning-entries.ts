/** 9xxx: warnings. The files are generated all the same. */
import { warning } from "../entry.js";
import { text } from "../template.js";

export const warningEntries = {
  RPC9001: warning({
    title: "An empty result looks like a failure",
    message: text`Nobody can tell an empty result of ${"functions"} from a function that is not registered.`,
    help: text`With ${"suggestion"} an answer carries a status; a peer written by hand must then send it too.`,
    why: "Without `throws` an answer is the bare result. Where the result may be of no bytes, an answer of no bytes is that, or a slave that does not know the function.",
    mend: "Add `throws` where both sides are generated. Where a device speaks like this already, live with it.",
    wrong: "interface A { f(): string; }",
    right: "interface A { f(): string throws; }",
  }),
  RPC9002: warning({
    title: "A doc comment that documents nothing",
    message: text`Nothing follows that this comment could document.`,
    why: "`///` belongs to the next declaration, field, parameter, result or function.",
    mend: "Move it before what it documents, or use `//`.",
    wrong: "struct A { x: u8; /// the first\n}",
    right: "struct A { /// the first\n x: u8; }",
  }),
  RPC9003: warning({
    title: "An f64 on a board with 32-bit floats",
    message: text`Floats of this board have 32 bits, and an f64 travels with ${"functions"}.`,
    why: "All 8 bytes travel, but a script on the board sees and sends a number of about seven digits. It is said only with `--board`.",
    mend: "Use f32, or whole numbers of a finer unit: microseconds in an i64 instead of seconds in an f64.",
  }),
  RPC9004: warning({
    title: "More than the board's heap",
    message: text`The result of ${"name"} may take ${"bytes"} bytes, twice that to be sent; the largest piece of heap of this board has ${"heap"}.`,
    why: "A script packs a result as a whole, and once more into its packet, before it is sent. It is said only with `--board`.",
    mend: "Lower the bounds, or send the data as a stream or bulk.",
  }),
  RPC9005: warning({
    title: "Another limit than in an older file",
    message: text`${"place"} of ${"name"}: ${"change"}.`,
    why: "The bytes lie as before, but one side may send what the other refuses: a longer list, a new member of a closed enum, another variant, an error that it does not know.",
    mend: "Fine where the side that reads is renewed first. An enum that is to grow is an `open enum`.",
  }),
  RPC9006: warning({
    title: "An argument that could be left out",
    message: text`${"place"} of ${"name"} had a default in ${"old"} and must be sent now.`,
    why: "A caller from before the argument was added does not send it, and the slave no longer fills it in.",
    mend: "Keep the default.",
  }),
} as const;
