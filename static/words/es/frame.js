// The bar at the top.

export const frame = {
  evening: "Noche",
  plan: "Plano",
  waitlist: "Espera",
  summary: "Resumen",
  door: "Puerta",
  screens: "Pantallas",
};
