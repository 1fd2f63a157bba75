// Says how fresh the screen is, and nothing better than the truth.

const TEXT = {
  live: "En vivo",
  connecting: "Conectando…",
  stale: "Poniéndose al día…",
  reconnecting: "Reconectando…",
  offline: "Sin conexión con el servidor",
  polling: "Actualizando cada {} s",
  resting: "En pausa",
};

// An open stream over a list that lacks changes is not live.
export function showChip(connection, stale, readAt, pollMs) {
  const state = connection === "live" && stale ? "stale" : connection;
  const chip = document.getElementById("chip");
  chip.dataset.state = state;
  const at = readAt && state !== "live" && state !== "connecting"
    ? ` · ${readAt.toLocaleTimeString("es", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}` : "";
  chip.textContent = TEXT[state].replace("{}", pollMs / 1000) + at;
}
