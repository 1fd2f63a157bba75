// Logging in and out.

export const login = {
  title: "Reservas",
  motto: "La mesa y la puerta de tu local, al instante.",
  email: "Correo",
  password: "Contraseña",
  submit: "Entrar",
  cookieLost: "El navegador no guardó la sesión: permite las cookies de esta página.",
  cookieNeedsTls: (host) =>
    `El navegador no guardó la sesión: el servidor está configurado para https. Abre https://${host} o quita RESERVAS_SECURE_COOKIES.`,
  leaving: "Salir",
  unsent: (count) => (count === 1 ? "Queda 1 escaneo sin enviar" : `Quedan ${count} escaneos sin enviar`),
  unsentStays: "Se guardan en este teléfono y se envían cuando alguien vuelva a entrar aquí. Mientras tanto no cuentan.",
  leaveAnyway: "Salir igual",
  stay: "Quedarme",
};
