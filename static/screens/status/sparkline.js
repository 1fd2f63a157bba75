// A line of the last hour, small enough to stand in a card.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 28;
const EDGE = 2;

// The path of `values`, the oldest first; where one is null the line has a gap.
export function pathOf(values) {
  const known = values.filter((value) => value !== null);
  const most = Math.max(1, ...known);
  const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1);
  let pen = "M";
  return values.map((value, index) => {
    if (value === null) {
      pen = "M";
      return "";
    }
    const x = EDGE + index * step;
    const y = HEIGHT - EDGE - (value / most) * (HEIGHT - 2 * EDGE);
    const part = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
    return part;
  }).join("");
}

export function sparkline(values = []) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("class", "status-spark");
  svg.setAttribute("aria-hidden", "true"); // the number beside it says how it is now
  svg.setAttribute("preserveAspectRatio", "none");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", pathOf(values));
  svg.append(line);
  return svg;
}
