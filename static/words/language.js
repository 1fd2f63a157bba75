// Which language this device shows; who is logged in takes theirs along.

export const NAMES = { es: "Español", en: "English" };
const KEY = "reservas-idioma";

export const language = kept();

function kept() {
  try {
    const name = globalThis.localStorage?.getItem(KEY);
    return name in NAMES ? name : "es";
  } catch {
    return "es";
  }
}

// All that is shown was drawn with the old words, so the page begins anew. Returns whether it does:
// a browser that keeps nothing stays as it is.
export function choose(name) {
  if (!(name in NAMES) || name === language) return false;
  try {
    localStorage.setItem(KEY, name);
  } catch {
    return false;
  }
  location.reload();
  return true;
}
