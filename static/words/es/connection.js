// How fresh the screen is, and what became of a request without an answer.

export const connection = {
  live: "En vivo",
  connecting: "Conectando…",
  stale: "Poniéndose al día…",
  reconnecting: "Reconectando…",
  offline: "Sin conexión con el servidor",
  polling: (seconds) => `Actualizando cada ${seconds} s`,
  resting: "En pausa",
  odd: "El servidor no respondió como se esperaba.",
  unread: "No hay respuesta del servidor.",
  unsaved: "No hay respuesta del servidor; no se sabe si se guardó.",
};
