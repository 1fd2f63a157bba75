// The bar at the top, and the one at the bottom of a phone.

export const frame = {
  evening: "Noche",
  plan: "Plano",
  waitlist: "Espera",
  door: "Puerta",
  summary: "Resumen",
  settings: "Ajustes",
  screens: "Pantallas",
  skip: "Ir al contenido",
  venue: "Local",
  account: "Cuenta",
  language: "Idioma",
  leave: "Salir",
  noVenue: "Tu cuenta no tiene acceso a ningún local.",
  lostVenue: (name) => `Ya no tienes acceso a «${name}».`,
};
