// One's own sessions and password.

export const sessions = {
  title: "My sessions",
  hint: "Where you are logged in with your email. End those that you do not know, and change your password.",
  unknown: "Unknown device",
  here: "this session",
  seen: (when) => `last seen ${when}`,
  since: (when) => `since ${when}`,
  end: "End",
  endSure: "Yes, end it",
  endOthers: "End the others",
  endOthersSure: "Yes, end the others",
  ended: (n) => (n === 1 ? "Session ended" : `${n} sessions ended`),
  password: "Change my password",
  passwordNow: "Current password",
  passwordNew: "New password (8 characters or more)",
  passwordHint: "Your other sessions end by it.",
  passwordSubmit: "Change password",
  passwordChanged: "Password changed",
};
