// Keeps the page itself on the phone, where the browser can (over https).

// Once all else is there: it fetches every file.
export function keepPage() {
  const keep = () => navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  addEventListener("load", keep, { once: true });
}
