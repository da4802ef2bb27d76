/**
 * One way to write down a link for every command and configuration file: `kind://place?option=value&…`.
 * The options are those of the link's own function, by their names.
 */
import { openError } from "./open-error.js";

export type LinkKind = "uart" | "usb" | "can" | "i2c" | "spi" | "network" | "tcp";
export type LinkRole = "master" | "slave";

export interface LinkUrl {
  readonly kind: LinkKind;
  /** What stands between `//` and `?`, decoded. */
  readonly place: string;
  readonly role: LinkRole | null;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

type OptionType = "text" | "number" | "boolean";

const SERIAL = {
  baudRate: "number",
  dataBits: "number",
  stopBits: "number",
  parity: "text",
  rtscts: "boolean",
  xon: "boolean",
  xoff: "boolean",
  xany: "boolean",
  hupcl: "boolean",
  lock: "boolean",
  rtsMode: "text",
  vmin: "number",
  vtime: "number",
  highWaterMark: "number",
  dtr: "boolean",
  rts: "boolean",
  lowLatency: "boolean",
} as const;

const OPTIONS: Readonly<Record<LinkKind, Readonly<Record<string, OptionType>>>> = {
  uart: SERIAL,
  usb: { ...SERIAL, vendorId: "text", productId: "text", serialNumber: "text" },
  can: { messageId: "number", bitRate: "number", samplePoint: "number", configure: "boolean" },
  i2c: { address: "number", forceAccess: "boolean" },
  spi: {
    speedHz: "number",
    polarity: "number",
    phase: "number",
    selectDelayUs: "number",
    largeTransfers: "text",
  },
  network: { myIp: "text", port: "number", slavePort: "number" },
  tcp: { connectTimeoutMs: "number" },
};

const EXAMPLES: Readonly<Record<LinkKind, string>> = {
  uart: "uart:///dev/ttyUSB0?baudRate=115200",
  usb: "usb:///dev/ttyACM0",
  can: "can://can0?bitRate=250000",
  i2c: "i2c://1?address=0x12",
  spi: "spi://0.0?speedHz=1000000",
  network: "network://192.168.0.120",
  tcp: "tcp://192.168.0.120:7610",
};

export const LINK_KINDS = Object.keys(EXAMPLES) as readonly LinkKind[];

/** A serial port's path is short for its UART link. */
const BARE_PATH = /^(?:\/|\\\\\.\\|COM\d+(?:$|\?))/i;

/** @throws RpcError `bad-argument`, with what is wrong and how it is written. */
export function parseLinkUrl(text: string): LinkUrl {
  if (BARE_PATH.test(text)) {
    const [place = text, query = ""] = text.split("?", 2);
    return { kind: "uart", place, ...parseOptions("uart", query) };
  }
  const match = /^([A-Za-z][A-Za-z0-9-]*):(?:\/\/)?([^?#]*)(?:\?([^#]*))?$/.exec(text);
  const kind = LINK_KINDS.find((each) => each === match?.[1]?.toLowerCase());
  if (match === null || kind === undefined) {
    const examples = Object.values(EXAMPLES).join(", ");
    throw openError("bad-argument", `'${text}' names no link; links are written so: ${examples}`);
  }
  const { role, options } = parseOptions(kind, match[3] ?? "");
  return { kind, place: decode(match[2] ?? ""), role, options };
}

/** For sentences; the kinds are read letter by letter. */
export const withArticle = (kind: LinkKind): string =>
  `${kind === "i2c" || kind === "spi" ? "an" : "a"} ${kind}`;

/** How a link of that kind is written. */
export const exampleUrl = (kind: LinkKind): string => EXAMPLES[kind];

function parseOptions(kind: LinkKind, query: string): Pick<LinkUrl, "role" | "options"> {
  const types: Readonly<Record<string, OptionType>> = OPTIONS[kind];
  const options: Record<string, string | number | boolean> = {};
  let role: LinkRole | null = null;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "role") role = parseRole(value);
    else if (name === "reconnect") options[name] = parseBoolean(name, value);
    else {
      const type = Object.hasOwn(types, name) ? types[name] : undefined;
      if (type === undefined) throw unknownOption(kind, name);
      options[name] = parseValue(name, value, type);
    }
  }
  return { role, options };
}

function unknownOption(kind: LinkKind, name: string): Error {
  const known = [...Object.keys(OPTIONS[kind]), "reconnect", "role"];
  const meant = known.find((each) => each.toLowerCase() === name.toLowerCase());
  const advice = meant === undefined ? `there are: ${known.join(", ")}` : `did you mean ${meant}?`;
  return openError("bad-argument", `${withArticle(kind)} link has no option '${name}'; ${advice}`);
}

function parseValue(name: string, value: string, type: OptionType): string | number | boolean {
  if (type === "text") return value;
  if (type === "boolean") return parseBoolean(name, value);
  const number = value.trim() === "" ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  throw openError("bad-argument", `${name} takes a number, not '${value}'`);
}

function parseBoolean(name: string, value: string): boolean {
  if (value === "" || value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw openError("bad-argument", `${name} takes true or false, not '${value}'`);
}

function parseRole(value: string): LinkRole {
  if (value === "master" || value === "slave") return value;
  throw openError("bad-argument", `role is master or slave, not '${value}'`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
