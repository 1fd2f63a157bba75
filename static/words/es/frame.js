// The bar at the top.

export const frame = {
  evening: "Noche",
  plan: "Plano",
  waitlist: "Espera",
  summary: "Resumen",
  door: "Puerta",
  screens: "Pantallas",
  close: "Cerrar",
  kept: "Lo escrito no se ha guardado. Escape otra vez, o ✕, lo descarta.",
};
