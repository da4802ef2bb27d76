/** The fingerprint of an interface: two peers with equal ones agree on every byte. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

const fingerprintBytes = 8;

/** First 8 bytes of the SHA-256 of a canonical text, as 16 hexadecimal digits. */
export function fingerprintOf(canonicalText: string): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalText)).subarray(0, fingerprintBytes));
}
