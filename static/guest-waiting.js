// Keeps a waiting guest's page true: asks for the place in the line while the page is looked at.

const EVERY_MS = 10_000;
const TIMEOUT_MS = 8_000;
const AFTER_FAILURES = 2; // one lost answer is no news

const main = document.querySelector("main");
const text = (id, words) => {
  const node = document.getElementById(id);
  if (node.textContent !== words) node.textContent = words;
};
let failures = 0;
let asking = null;

async function ask() {
  const response = await fetch(main.dataset.address, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status === 404) return location.reload(); // the night is over
  if (!response.ok) throw new Error(String(response.status));
  const { titulo, detalle, espera } = await response.json();
  text("titulo", titulo);
  text("detalle", detalle);
  return espera;
}

async function follow() {
  clearTimeout(asking);
  if (document.hidden) return;
  let goesOn = true;
  try {
    goesOn = await ask();
    failures = 0;
  } catch {
    failures += 1;
  }
  text("problema", failures >= AFTER_FAILURES ? document.getElementById("problema").dataset.problem : "");
  if (goesOn) asking = setTimeout(follow, EVERY_MS);
}

document.addEventListener("visibilitychange", follow);
asking = setTimeout(follow, EVERY_MS);
