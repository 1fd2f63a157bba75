// The service worker: the page from the phone, whole and of one version. The server writes SHELL,
// { version, files: { path: checksum } }, in front of this text; /api/ never passes through here.
// A new version waits, as browsers have it, until no page runs the old one.

const PREFIX = "shell-";
const CACHE = PREFIX + SHELL.version;

addEventListener("install", (event) => {
  // Where browsers know it: the rest does not even wake this worker.
  event.addRoutes?.({ condition: { urlPattern: { pathname: "/api/*" } }, source: "network" });
  event.waitUntil(fill());
});

addEventListener("activate", (event) => event.waitUntil(clean()));

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !Object.hasOwn(SHELL.files, pathname)) return;
  event.respondWith(serve(event.request, pathname));
});

// The checksums make it all or nothing: amid an upgrade files of two versions can be had. One after
// the other, since the page needs the few connections there are.
async function fill() {
  const cache = await caches.open(CACHE);
  for (const [path, integrity] of Object.entries(SHELL.files)) {
    const response = await fetch(path, { integrity, cache: "no-cache" });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    await cache.put(path, response);
  }
}

async function clean() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}

// A browser may have thrown the cache away: then the network has the page. Not by `caches.open`,
// which would bring back the one that a newer version has just taken away.
async function serve(request, path) {
  return (await caches.match(path, { cacheName: CACHE })) ?? fetch(request);
}
