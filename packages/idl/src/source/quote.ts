/** Source text quoted inside a message: in backquotes, and not longer than a message can bear. */
export function quote(text: string, maxLength = 40): string {
  return text.length <= maxLength ? `\`${text}\`` : `\`${text.slice(0, maxLength - 1)}…\``;
}
