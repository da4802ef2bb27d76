/** 5xxx: what an older file said otherwise, so that what was generated from it no longer fits. */
import { error } from "../entry.js";
import { text } from "../template.js";

export const changeEntries = {
  RPC5001: error({
    title: "An interface is gone",
    message: text`The interface ${"name"} of ${"old"} is no longer there.`,
    help: text`If it is ${"suggestion"} now, only \`$verify()\` of an older peer will miss it; its functions are still found.`,
    why: "An older master calls its functions, and asks for it by the hash of its name when it verifies.",
    mend: "Keep the interface, or generate both sides anew and install them together.",
  }),
  RPC5002: error({
    title: "A function is gone",
    message: text`The function ${"name"} of ${"old"} is no longer there.`,
    help: text`If it is ${"suggestion"} now, ${"wire"} before it keeps the old name on the wire.`,
    why: "An older master calls it by the hash of its name, and no slave would answer.",
    mend: 'Keep the function, perhaps marked `@deprecated("…")`; or renew both sides together.',
  }),
  RPC5003: error({
    title: "A function under another id",
    message: text`${"name"} was called by ${"old"} and is called by ${"now"} now.`,
    help: text`${"wire"} keeps the old one.`,
    why: "What travels is the hash of the wire name. A peer that has the other one finds no such function.",
    mend: "Send the old name with `@wire`, or renew both sides together.",
  }),
  RPC5004: error({
    title: "A count of another width",
    message: text`${"place"} of ${"name"} may hold ${"now"} now, not ${"old"}: its count moves from ${"oldWidth"} to ${"width"}.`,
    help: text`Write ${"suggestion"} to keep the width.`,
    why: "The count is the smallest of u8, u16 and u32 that holds the bound, unless one is written. A bound that crosses 255 or 65,535 so moves every byte behind the count.",
    mend: "Keep the bound on its side of 255 or 65,535, or write the width that both sides know: `bytes[u16 <= 200]`. To let a bound grow later, write a wide count from the start.",
  }),
  RPC5005: error({
    title: "Other bytes",
    message: text`${"place"} of ${"name"} was ${"old"} and is ${"now"}.`,
    why: "Both sides must know the same types, byte for byte; nothing on the wire tells which.",
    mend: "Add a function of another name for the new type and keep the old one, or renew both sides together.",
  }),
  RPC5006: error({
    title: "More or fewer values",
    message: text`${"place"} of ${"name"} had ${"old"} and has ${"now"}.`,
    help: text`An argument at the end may be added with a default: ${"suggestion"}.`,
    why: "Values stand one after another without names. One more or less moves what follows, or is left over.",
    mend: "Give a new last argument a default, which a slave fills in for older callers; put other new values into a function of another name.",
  }),
  RPC5007: error({
    title: "Something else in front",
    message: text`${"name"}: ${"change"}.`,
    why: "With `throws` an answer starts with a status byte, and with `@once` an argument starts with a call number. Both sides must agree that it is there.",
    mend: "Leave it as it was (`throws none` keeps a function out of what its interface throws), or renew both sides together.",
  }),
} as const;
