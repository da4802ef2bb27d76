// Two plots side by side as one SVG: calls answered, and time per call, against one-way delay.

const WIDTH = 860;
const HEIGHT = 360;
const PANEL = { width: 330, height: 240, top: 50 };
const LEFTS = [60, 490];
/** Told apart without colour too: by their dashes and marks. */
const STYLES = [
  { colour: "#b3402e", dash: "2 4", mark: "square" },
  { colour: "#c98a00", dash: "8 4", mark: "circle" },
  { colour: "#2f6fb0", dash: "10 3 2 3", mark: "triangle" },
  { colour: "#1c7a4a", dash: "", mark: "circle" },
];

/** What the distance itself takes. */
const LIMIT_STYLE = { colour: "#888", dash: "", mark: null };

/** `series`: name and points of `oneWayMs`, `answered` (0 to 1) and `ms` (NaN where no call was answered). */
export function plotOf(series) {
  const longestMs = Math.max(...series.flatMap(({ points }) => points.map(({ oneWayMs }) => oneWayMs)));
  const slowestMs = Math.max(
    ...series.flatMap(({ points }) => points.map(({ ms }) => (Number.isNaN(ms) ? 0 : ms))),
  );
  const top = niceTop(Math.min(slowestMs, 5 * longestMs));
  const answered = panel(0, "calls answered, %", longestMs, 100, [0, 25, 50, 75, 100]);
  const time = panel(
    1,
    "ms a call (median)",
    longestMs,
    top,
    [0, 0.25, 0.5, 0.75, 1].map((part) => part * top),
  );
  const lines = series.flatMap((each, index) => [
    curve(
      each.points.map(({ oneWayMs, answered: share }) => answered.at(oneWayMs, share * 100)),
      STYLES[index],
    ),
    curve(
      each.points.filter(({ ms }) => ms <= top).map(({ oneWayMs, ms }) => time.at(oneWayMs, ms)),
      STYLES[index],
    ),
  ]);
  const limit = `<path d="M${time.at(0, 0)} L${time.at(longestMs, Math.min(2 * longestMs, top))}" stroke="#888" stroke-width="1" fill="none"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13" role="img">`,
    `<title>Calls answered and time per call against one-way delay, for the three shapes and the learned one</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    answered.svg,
    time.svg,
    limit,
    ...lines,
    ...series.map((each, index) => legend(each.name, index)),
    legend("two delays, the least", series.length),
    `</svg>`,
    "",
  ].join("\n");
}

function panel(index, title, longestMs, top, ticks) {
  const left = LEFTS[index];
  const bottom = PANEL.top + PANEL.height;
  const x = (ms) => left + (ms / longestMs) * PANEL.width;
  const y = (value) => bottom - (value / top) * PANEL.height;
  const parts = [`<text x="${left}" y="${PANEL.top - 14}" fill="#222">${title}</text>`];
  for (const tick of ticks) {
    parts.push(`<path d="M${left} ${round(y(tick))} h${PANEL.width}" stroke="#ddd" fill="none"/>`);
    parts.push(
      `<text x="${left - 8}" y="${round(y(tick)) + 4}" text-anchor="end" fill="#555">${round(tick)}</text>`,
    );
  }
  for (let ms = 0; ms <= longestMs; ms += 10) {
    parts.push(`<text x="${round(x(ms))}" y="${bottom + 18}" text-anchor="middle" fill="#555">${ms}</text>`);
  }
  parts.push(
    `<text x="${left + PANEL.width}" y="${bottom + 36}" text-anchor="end" fill="#555">one-way delay, ms</text>`,
  );
  return { svg: parts.join("\n"), at: (ms, value) => `${round(x(ms))} ${round(y(value))}` };
}

function curve(points, { colour, dash, mark }) {
  if (points.length === 0) return "";
  const path = `<path d="M${points.join(" L")}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}" fill="none"/>`;
  return [path, ...points.map((point) => markAt(point, mark, colour))].join("\n");
}

function markAt(point, mark, colour) {
  const [x, y] = point.split(" ").map(Number);
  if (mark === "circle") return `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`;
  if (mark === "square") return `<rect x="${x - 3}" y="${y - 3}" width="6" height="6" fill="${colour}"/>`;
  return `<path d="M${x} ${y - 4} l4 7 h-8 z" fill="${colour}"/>`;
}

function legend(name, index) {
  const { colour, dash, mark } = STYLES[index] ?? LIMIT_STYLE;
  const x = LEFTS[0] + index * 150;
  const y = HEIGHT - 14;
  return [
    `<path d="M${x} ${y - 4} h34" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}" fill="none"/>`,
    mark === null ? "" : markAt(`${x + 17} ${y - 4}`, mark, colour),
    `<text x="${x + 42}" y="${y}" fill="#222">${name}</text>`,
  ].join("\n");
}

function niceTop(value) {
  const step = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return Math.ceil(value / step) * step;
}

function round(value) {
  return Number(value.toFixed(1));
}
