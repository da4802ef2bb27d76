/** What i2c-dev's errors mean, and what to do about each. */
import { RpcError } from "../errors.js";
import { errnoOf, openError, textOf } from "./open-error.js";

/**
 * Not acknowledged, arbitration lost, or the clock held for too long: the slave is busy or not there, and
 * which it is only time shows. Adapters differ in how they say it (the kernel's `i2c/fault-codes`).
 */
const LATER = new Set(["ENXIO", "EREMOTEIO", "EIO", "EAGAIN", "ETIMEDOUT", "EINTR"]);
/** The adapter, or i2c-dev, can't move that much in one transaction. */
const TOO_LARGE = new Set(["EOPNOTSUPP", "ENOTSUP", "EMSGSIZE", "EINVAL", "ENOMEM"]);
const GONE = new Set(["ENODEV", "ESHUTDOWN", "EPIPE", "EPROTO", "EBADF", "ENOENT"]);

export const isLater = (error: unknown): boolean => LATER.has(errnoOf(error) ?? "");
export const isTooLarge = (error: unknown): boolean => TOO_LARGE.has(errnoOf(error) ?? "");

export function explainI2c(
  error: unknown,
  place: { readonly path: string; readonly address: number },
): RpcError {
  if (error instanceof RpcError) return error;
  const { path, address } = place;
  const errno = errnoOf(error);
  const at = `0x${address.toString(16)}`;
  if (errno === "ENOENT") {
    return openError(
      "link-failure",
      `${path}: there is no such bus; load i2c-dev (sudo modprobe i2c-dev) and switch I2C on (on a Raspberry Pi: sudo raspi-config nonint do_i2c 0)`,
      error,
    );
  }
  if (errno === "EACCES" || errno === "EPERM") {
    return openError(
      "link-failure",
      `${path}: no permission; join the group that owns it (sudo usermod -aG i2c $USER, then log in again)`,
      error,
    );
  }
  if (errno === "EBUSY") {
    return openError(
      "link-failure",
      `${path}: a kernel driver has address ${at} (${errno}); unbind it, choose another address, or open with forceAccess`,
      error,
    );
  }
  if (GONE.has(errno ?? "")) {
    return openError("closed", `${path}: the adapter was unplugged or switched off (${errno})`, error);
  }
  return openError("link-failure", `${path}: ${textOf(error)}`, error);
}
