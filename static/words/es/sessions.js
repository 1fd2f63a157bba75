// One's own sessions and password.

export const sessions = {
  title: "Mis sesiones",
  hint: "Los equipos donde entraste con tu correo. Cierra los que no reconozcas y cambia tu contraseña.",
  unknown: "Equipo desconocido",
  here: "esta sesión",
  seen: (when) => `vista ${when}`,
  since: (when) => `desde ${when}`,
  end: "Cerrar",
  endSure: "Sí, cerrar",
  endOthers: "Cerrar las demás",
  endOthersSure: "Sí, cerrar las demás",
  ended: (n) => (n === 1 ? "Sesión cerrada" : `${n} sesiones cerradas`),
  password: "Cambiar mi contraseña",
  passwordNow: "Contraseña actual",
  passwordNew: "Contraseña nueva (8 caracteres o más)",
  passwordHint: "Tus demás sesiones se cierran.",
  passwordSubmit: "Cambiar contraseña",
  passwordChanged: "Contraseña cambiada",
};
