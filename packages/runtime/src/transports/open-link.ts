/** Opens whatever link a URL names. Only the transport that is asked for is loaded. */
import type { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import {
  exampleUrl,
  type LinkKind,
  type LinkRole,
  type LinkUrl,
  parseLinkUrl,
  withArticle,
} from "./link-url.js";
import { openError } from "./open-error.js";

export interface OpenLinkOptions {
  /** Whose end it is, where that makes a difference (I2C, SPI, network, TCP); `master` by default. */
  readonly role?: LinkRole;
  /** Gives up opening. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a link by its URL: `uart:///dev/ttyUSB0?baudRate=115200`, `usb:`, `can://can0`, `i2c://1`, `spi://0.0`,
 * `network://192.168.0.120`, `tcp://192.168.0.120:7610`, or the path of a serial port. The options behind `?`
 * are those of the link's own function; `reconnect=true` and `role=slave` go with all. A slave's `tcp` link
 * listens and waits for its master.
 *
 * Rejects with an `RpcError` of phase `open`: `bad-argument` for a URL that names no link, and what the link
 * itself rejects with.
 */
export async function openLink(url: string, options: OpenLinkOptions = {}): Promise<Link> {
  const parsed = parseLinkUrl(url);
  const role = parsed.role ?? options.role ?? "master";
  return OPENERS[parsed.kind](parsed, role, options.signal);
}

type Opener = (url: LinkUrl, role: LinkRole, signal: AbortSignal | undefined) => Promise<Link>;

/** What the URL says, in the shape of the link's options: names and types were checked when it was read. */
function settingsOf<T>(url: LinkUrl, signal: AbortSignal | undefined): T {
  return { ...url.options, ...(signal === undefined ? {} : { signal }) } as T;
}

const OPENERS: Readonly<Record<LinkKind, Opener>> = {
  async uart(url, _, signal) {
    const { openUart } = await import("./uart.js");
    return openUart({ ...settingsOf<object>(url, signal), path: needPlace(url) });
  },
  async usb(url, _, signal) {
    const { openUsb } = await import("./usb.js");
    const ids = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(url.place);
    const where =
      ids !== null
        ? { vendorId: ids[1] as string, productId: ids[2] as string }
        : url.place === ""
          ? {}
          : { path: url.place };
    return openUsb({ ...settingsOf<object>(url, signal), ...where });
  },
  async can(url, _, signal) {
    const { openCan } = await import("./can.js");
    return openCan({ ...settingsOf<object>(url, signal), interface: needPlace(url) });
  },
  async i2c(url, role, signal) {
    if (role === "slave") {
      const { openI2cSlave } = await import("./i2c-slave.js");
      const { host, port } = hostAndPort(url);
      return openI2cSlave({
        ...settingsOf<object>(url, signal),
        ...(host === "" ? {} : { host }),
        ...(port === null ? {} : { port }),
      });
    }
    const { openI2c } = await import("./i2c.js");
    return openI2c({ ...settingsOf<object>(url, signal), bus: numbers(url, /^(?:\/dev\/i2c-)?(\d+)$/)[0] });
  },
  async spi(url, role, signal) {
    const [bus, device = 0] = numbers(url, /^(?:\/dev\/spidev)?(\d+)\.(\d+)$/);
    const options = { ...settingsOf<object>(url, signal), bus, device };
    if (role === "slave") return (await import("./spi-slave.js")).openSpiSlave(options);
    return (await import("./spi.js")).openSpi(options);
  },
  async network(url, role, signal) {
    const network = await import("./network.js");
    const { host, port } = hostAndPort(url);
    const options = settingsOf<{ readonly port?: number }>(url, signal);
    if (role === "slave") {
      return network.openNetworkSlave({
        ...options,
        ...(host === "" ? {} : { myIp: host }),
        ...(port === null ? {} : { port }),
      });
    }
    if (host === "") throw noPlace(url);
    return network.openNetworkMaster({
      ...options,
      slaveIp: host,
      ...(port === null ? {} : options.port === undefined ? { port } : { slavePort: port }),
    });
  },
  async tcp(url, role, signal) {
    const { openTcp, openTcpSlave } = await import("./tcp.js");
    const { host, port } = hostAndPort(url);
    const at = port === null ? {} : { port };
    if (role === "master") {
      if (host === "") throw noPlace(url);
      return openTcp({ ...settingsOf<object>(url, signal), host, ...at });
    }
    return openTcpSlave({ ...settingsOf<object>(url, signal), ...(host === "" ? {} : { host }), ...at });
  },
};

function needPlace(url: LinkUrl): string {
  if (url.place !== "") return url.place;
  throw noPlace(url);
}

const noPlace = ({ kind }: LinkUrl): RpcError =>
  openError("bad-argument", `${withArticle(kind)} link says where, as in ${exampleUrl(kind)}`);

function numbers(url: LinkUrl, shape: RegExp): [number, ...number[]] {
  const match = shape.exec(needPlace(url));
  const [first, ...rest] = (match ?? []).slice(1).map(Number);
  if (first !== undefined) return [first, ...rest];
  throw openError(
    "bad-argument",
    `'${url.place}' is no ${url.kind} bus; it is written ${exampleUrl(url.kind)}`,
  );
}

/** `host`, `host:port`, `[::1]:port`, or nothing. */
function hostAndPort(url: LinkUrl): { readonly host: string; readonly port: number | null } {
  const match = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d{1,5}))?$/.exec(url.place.replace(/\/$/, ""));
  const port = match?.[3] === undefined ? null : Number(match[3]);
  if (match === null || (port !== null && port > 65_535)) {
    throw openError("bad-argument", `'${url.place}' is no host and port, as in ${exampleUrl(url.kind)}`);
  }
  return { host: match[1] ?? match[2] ?? "", port };
}
