// Follows the stream at URL by npm's eventsource, as TOKEN; writes one line of JSON per event.
//   cd build/clients && node .../follow.mjs URL TOKEN KIND...
import { createRequire } from "node:module";

// From the working folder: packages are installed there, and not beside this file.
const { EventSource } = createRequire(`${process.cwd()}/`)("eventsource");
const [url, token, ...kinds] = process.argv.slice(2);

const source = new EventSource(url, {
  fetch: (input, init) =>
    fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
});
const tell = (event) =>
  process.stdout.write(`${JSON.stringify([event.lastEventId, event.type, event.data])}\n`);
for (const kind of ["message", ...kinds]) source.addEventListener(kind, tell);
