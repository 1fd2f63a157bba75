// What a link opens that lets somebody in.

export const entry = {
  invitedTo: (venue) => `You are invited to ${venue}`,
  invitedAs: (role) => `Your role: ${role}`,
  join: "Join",
  joinHint: "If you have an account, use its password. If not, choose one of 8 characters or more.",
  joinAs: (email) => `Join as ${email}`,
  joinOther: "With another email",
  newPassword: "Choose a new password",
  newPasswordHint: "8 characters or more. Your open sessions end by it.",
  savePassword: "Save and log in",
  setUp: "Set up your venue",
  setUpHint: "Only this once: the venue, and its owner.",
  venueName: "Name of the venue",
  timezone: "Time zone",
  cutoffHint: "What comes after midnight and before that hour counts for the night before.",
  ownerHint: "With this email and password you log in as its owner. 8 characters or more.",
  setUpSubmit: "Create the venue",
  toLogin: "To the start",
};
