// The bar at the top, and the one at the bottom of a phone.

export const frame = {
  evening: "Tonight",
  plan: "Floor plan",
  waitlist: "Waitlist",
  door: "Door",
  summary: "Summary",
  settings: "Settings",
  registro: "Audit trail",
  status: "Status",
  screens: "Screens",
  moreScreens: "More screens",
  skip: "Skip to content",
  venue: "Venue",
  account: "Account",
  language: "Language",
  leave: "Log out",
  noVenue: "Your account has no access to any venue.",
  lostVenue: (name) => `You no longer have access to “${name}”.`,
  notLoaded: "It could not be opened: the server does not answer.",
  again: "Try again",
  kept: "What you typed is not saved. Escape again, or ✕, discards it.",
};
