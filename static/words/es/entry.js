// What a link opens that lets somebody in.

export const entry = {
  invitedTo: (venue) => `Te invitan a ${venue}`,
  invitedAs: (role) => `Tu rol: ${role}`,
  join: "Entrar",
  joinHint: "Si ya tienes cuenta, usa su contraseña. Si no, elige una de 8 caracteres o más.",
  joinAs: (email) => `Entrar como ${email}`,
  joinOther: "Con otro correo",
  newPassword: "Elige una contraseña nueva",
  newPasswordHint: "8 caracteres o más. Tus sesiones abiertas se cierran.",
  savePassword: "Guardar y entrar",
  setUp: "Prepara tu local",
  setUpHint: "Solo la primera vez: el local y la persona dueña.",
  venueName: "Nombre del local",
  timezone: "Zona horaria",
  cutoffHint: "Lo de después de medianoche y antes de esa hora cuenta en la noche anterior.",
  ownerHint: "Con este correo y contraseña entras como dueño. 8 caracteres o más.",
  setUpSubmit: "Crear el local",
  toLogin: "Ir al inicio",
};
