// Logging in and out.

export const login = {
  title: "Reservas",
  motto: "Your venue’s tables and door, in real time.",
  email: "Email",
  password: "Password",
  submit: "Log in",
  cookieLost: "The browser did not keep the session: allow cookies for this page.",
  cookieNeedsTls: (host) =>
    `The browser did not keep the session: the server is set up for https. Open https://${host}, or unset RESERVAS_SECURE_COOKIES.`,
  leaving: "Log out",
  unsent: (count) => (count === 1 ? "1 scan has not been sent" : `${count} scans have not been sent`),
  unsentStays: "They stay on this phone and are sent when somebody logs in here again. Until then they do not count.",
  leaveAnyway: "Log out anyway",
  stay: "Stay",
};
