// Keeps the page itself on the phone, where the browser can (over https).

// Once all else is there: it fetches every file.
export function keepPage() {
  const keep = () => navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  // The words were waited for, and browsers do not wait for that.
  if (document.readyState === "complete") keep();
  else addEventListener("load", keep, { once: true });
}
