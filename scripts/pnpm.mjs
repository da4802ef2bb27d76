/** One exact version for everyone; npx fetches it, since a fresh machine has no pnpm. */
export const PNPM = "pnpm@12.21.0";
