// Keeps the page itself on the phone, where the browser can (over https).

export function keepPage() {
  navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
}
