// Says how fresh the screen is, and nothing better than the truth.

const TEXT = {
  live: "En vivo",
  connecting: "Conectando…",
  reconnecting: "Reconectando…",
  offline: "Sin conexión con el servidor",
  polling: "Actualizando cada 2 min",
};

export function showChip(name, readAt) {
  const chip = document.getElementById("chip");
  if (!name) return;
  chip.dataset.state = name;
  const at = readAt && name !== "live" && name !== "connecting"
    ? ` · ${readAt.toLocaleTimeString("es", { hour: "2-digit", minute: "2-digit", hour12: false })}` : "";
  chip.textContent = TEXT[name] + at;
}
