// The bar at the top, and the one at the bottom of a phone.

export const frame = {
  evening: "Noche",
  plan: "Plano",
  waitlist: "Espera",
  summary: "Resumen",
  door: "Puerta",
  settings: "Ajustes",
  registro: "Registro",
  status: "Estado",
  screens: "Pantallas",
  moreScreens: "Más pantallas",
  skip: "Ir al contenido",
  venue: "Local",
  account: "Cuenta",
  language: "Idioma",
  leave: "Salir",
  noVenue: "Tu cuenta no tiene acceso a ningún local.",
  lostVenue: (name) => `Ya no tienes acceso a «${name}».`,
  notLoaded: "No se pudo abrir: el servidor no responde.",
  again: "Volver a intentar",
  kept: "Lo escrito no se ha guardado. Escape otra vez, o ✕, lo descarta.",
};
