// What of the door is not sent yet.

export const queue = {
  states: { waiting: "en espera", conflict: "en conflicto", refused: "rechazado" },
  unsent: (count) => `Sin enviar: ${count}`,
  allSent: "Todo está enviado.",
  toReview: (count) => `Por revisar: ${count}`,
  seen: "Visto",
  box: "Sin enviar",
  title: "Sin enviar y por revisar",
  retry: "Reintentar ahora",
  notKept: "Este teléfono no guarda lo que espera: no cierres esta página.",
};
