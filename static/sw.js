// The service worker: the page from the phone, whole and of one version. The server writes SHELL,
// { version, files: { path: checksum } }, in front of this text; /api/ never passes through here.

const PREFIX = "shell-";
const CACHE = PREFIX + SHELL.version;
// Tells the page that is open now to come back at once, when the next version has taken over.
const AGAIN = "<!doctype html><meta charset=utf-8><meta http-equiv=refresh content=0><title>Reservas</title>";
let hasTurned = false;

addEventListener("install", (event) => {
  // Where browsers know it: the rest does not even wake this worker.
  event.addRoutes?.({ condition: { urlPattern: { pathname: "/api/*" } }, source: "network" });
  event.waitUntil(fill());
});

addEventListener("activate", (event) => event.waitUntil(clean()));

addEventListener("message", ({ data }) => data === "take over" && skipWaiting());

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !Object.hasOwn(SHELL.files, pathname)) return;
  event.respondWith(event.request.mode === "navigate" ? open(event.request, pathname) : serve(event.request, pathname));
});

// The checksums make it all or nothing: amid an upgrade files of two versions can be had.
async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.entries(SHELL.files).map(async ([path, integrity]) => {
    const response = await fetch(path, { integrity, cache: "no-cache" });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    await cache.put(path, response);
  }));
}

async function clean() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}

// A browser may have thrown the cache away: then the network has the page.
async function serve(request, path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

// An upgrade waits until no open page runs the old version any more: here, before this one begins.
async function open(request, path) {
  const { waiting } = registration;
  if (!waiting || hasTurned || (await isElsewhere(request))) return serve(request, path);
  hasTurned = true;
  waiting.postMessage("take over");
  return new Response(AGAIN, { headers: { "Content-Type": "text/html" } });
}

// A page that is loaded again is still counted itself.
async function isElsewhere({ isReloadNavigation }) {
  const pages = await clients.matchAll({ type: "window" });
  return pages.length > (isReloadNavigation ? 1 : 0);
}
