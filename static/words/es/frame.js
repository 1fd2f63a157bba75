// The bar at the top.

export const frame = {
  evening: "Noche",
  plan: "Plano",
  waitlist: "Espera",
  door: "Puerta",
  screens: "Pantallas",
};
